"""Drives conversations with a subject."""
