"""Coverage-guided fuzzing of the parsers of untrusted text: `python testing/fuzz/fuzz.py all 600`."""
