"""A small CPO whose Locations and Tariffs can be pulled over OCPI 2.2.1, and that pushes them to NDW: copy it, replace
feed.py, go on from there."""

from .app import create_app
from .change import change, export
from .push_script import play, prepare
from .push_setup import Account, create_pusher

__all__ = ["Account", "change", "create_app", "create_pusher", "export", "play", "prepare"]
