"""OCPI 2.2.1; one file per chapter of its text."""
