"""What a text says of other parties, taken out of it: their names and the ids of their objects."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import quote

MASKED = "[another party's]"
_SHORTEST_ID = 4
"""A shorter id, such as a Connector's, names nothing on its own."""
_SHORTEST_NAME = 5
"""Country and party; what begins like a shorter name may be any word."""
_PAIR = re.compile(r"(?<![\w/])(\w+)/(\w+)(?![\w/])")
_TOKEN = re.compile(r"[\w*+\-.:%~]+")
_JOINTS = re.compile(r"[*\-]")


class Others:
    """All parties and their ids; `without` takes out of a text what is of others than one party alone."""

    def __init__(self, parties: Iterable[str]) -> None:
        self._parties = {party.upper() for party in parties}
        joined = (party.replace("/", "") for party in self._parties)
        self._joined = {one for one in joined if len(one) >= _SHORTEST_NAME}
        self._lengths = sorted({len(one) for one in self._joined})
        self._owners: dict[str, set[str]] = {}
        self._odd: dict[str, set[str]] = {}

    def learn(self, party: str | None, names: Iterable[str]) -> None:
        """These ids are of objects of this party, perhaps of others', too."""
        for name in names if party is not None else ():
            if len(name) >= _SHORTEST_ID:
                place = self._owners if _TOKEN.fullmatch(name) else self._odd
                place.setdefault(name, set()).add(str(party))
                if (escaped := quote(name, safe="", errors="surrogatepass")) != name:
                    self._owners.setdefault(escaped, set()).add(str(party))

    def learn_object(self, named: Mapping[str, str], party: str | None = None) -> None:
        """The same of an object as problems name it."""
        self.learn(named.get("party", party), (value for name, value in named.items() if name != "party"))

    def without(self, text: str, party: str) -> str:
        """The text as this party may read it."""
        for odd, owners in self._odd.items():
            if party not in owners and odd in text:
                text = text.replace(odd, MASKED)
        text = _PAIR.sub(lambda pair: self._of_pair(pair, party), text)
        return _TOKEN.sub(lambda token: self._of_token(token.group(), party), text)

    def _of_pair(self, pair: re.Match[str], party: str) -> str:
        found = pair.group().upper()
        return MASKED if found in self._parties and found != party.upper() else pair.group()

    def _of_token(self, token: str, party: str) -> str:
        name = token.strip(".:")
        owners = self._owners.get(name)
        is_theirs = owners is not None and party not in owners
        if is_theirs or (owners is None and self._names_another(name.upper(), party.upper())):
            return token.replace(name, MASKED)
        return token

    def _names_another(self, name: str, party: str) -> bool:
        """An id that begins with another party's name, as ``NL*DEF*E1``, ``NL-DEF-E1`` and ``NLDEFE1`` do."""
        bare = _JOINTS.sub("", name)
        mine = party.replace("/", "")
        return any(bare[:length] in self._joined and bare[:length] != mine for length in self._lengths)
