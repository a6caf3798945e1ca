"""A small supplier whose orders can be pulled, on the standard library alone."""

from .app import create_app

__all__ = ["create_app"]
