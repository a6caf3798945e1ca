"""Renders a run from its record alone."""
