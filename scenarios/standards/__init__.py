"""Clauses that a standard makes, whoever adopts it."""
