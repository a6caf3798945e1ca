"""A small CPO whose Locations and Tariffs can be pulled over OCPI 2.2.1: copy it, replace feed.py, go on from there."""

from .app import create_app
from .change import change

__all__ = ["change", "create_app"]
