"""OCPI 2.2.1, the receiver interfaces: what the URL of an object names (transport_and_format 4.1.5, 8.2.2, 11.2.2)."""

from collections.abc import Mapping
from urllib.parse import quote, unquote, urlsplit

OWNER = ("country_code", "party_id")
"""The members that name the owner, in the URL as in the object."""

ID_OF = {"Location": "id", "EVSE": "uid", "Connector": "id", "Tariff": "id"}
"""Class → the member that is the last segment of its URL."""

_STEPS = {"Location": ("location",), "EVSE": ("location", "evse"), "Connector": ("location", "evse", "connector")}
_LISTS = {"Tariff": "tariffs"}


def named_in(url: str, name: str) -> Mapping[str, str]:
    """What the URL of an object of this class says of it: its owner, and its id under the name of that member."""
    steps = len(_STEPS.get(name, ("tariff",)))
    segments = [unquote(one) for one in urlsplit(url).path.split("/")]
    owner = segments[-steps - 2 : -steps]
    return {**dict(zip(OWNER, owner, strict=False)), ID_OF[name]: segments[-1]}


def path_of(name: str, party: str, *ids: str) -> str:
    """The path of an object of this class below the base of the interface; `party` is written ``NL/ABC``."""
    return "/".join(("", _LISTS.get(name, "locations"), party, *(quote(one, safe="") for one in ids)))
