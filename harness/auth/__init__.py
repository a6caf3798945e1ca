"""Credentials as values: how a secret is worn, and how it is kept out of evidence."""
