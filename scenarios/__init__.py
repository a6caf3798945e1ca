"""Clauses and conversations: content, found by path and never imported by harness."""
