"""Coverage-guided fuzzing of what reads other people's text: `python testing/fuzz/fuzz.py all 600`."""
