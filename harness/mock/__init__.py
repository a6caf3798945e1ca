"""Mocks and the faults that stand before them."""
