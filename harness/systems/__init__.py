"""One folder per system; found by path."""
