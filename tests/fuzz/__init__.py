"""Coverage-guided fuzzing of what reads other people's text: `python tests/fuzz/fuzz.py all 600`."""
