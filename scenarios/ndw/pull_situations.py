"""NDW, pull, the chairs turned: what somebody's puller meets at the server of a charge point operator."""

from harness.judge.vocabulary import links
from harness.model.exchange import SPOILT, Conversation, HttpExchange
from harness.model.situation import situation
from scenarios.ndw.pull import LISTS


def _pages(seen: Conversation, operation: str) -> list[HttpExchange]:
    """The pages of a list that came as they should."""
    came = (one for one in seen.exchanges if one.operation == operation and SPOILT not in one.tags)
    return [one for one in came if one.response is not None and one.response.status == 200]


def _is_read(seen: Conversation) -> bool:
    """The last page of each list was read."""
    return all(any(not links(page, "next") for page in _pages(seen, operation)) for operation in LISTS)


@situation()
def everything_is_served(seen: Conversation) -> bool:
    """All pages are served

    Over when the last page of both lists was read.
    """
    return _is_read(seen)


@situation(faults=["getLocations:failing(500):times=1:after=1"])
def one_page_fails_once(seen: Conversation) -> bool:
    """The second page of the locations fails once

    Over when the last page of both lists was read.
    """
    return _is_read(seen)


@situation(faults=['getLocations:with_field("/data/3/evses", "broken"):times=1'])
def one_object_is_wrong(seen: Conversation) -> bool:
    """One location among others is wrong

    Over when the last page of both lists was read.
    """
    return _is_read(seen)


@situation(faults=["getLocations:throttled(2):times=1:after=1"])
def a_page_is_throttled(seen: Conversation) -> bool:
    """A page is answered 429 with Retry-After

    Over when the last page of both lists was read.
    """
    return _is_read(seen)


@situation(faults=["*:token_revoked():times=1"])
def the_token_is_refused_once(seen: Conversation) -> bool:
    """The token is refused once, out of the blue

    Over when the last page of both lists was read.
    """
    return _is_read(seen)
