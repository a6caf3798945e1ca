"""Bodies as serialisers write them: reading and writing them gives the same bytes, so nothing is wrong with them."""

import orjson

from harness.model.body import Body


def body_of(raw: bytes) -> Body:
    """The body, its value read already where its text is as a serialiser writes it: compact, each member once.

    Any other text is read by the strict reader, when somebody asks; it is slower, and finds what is wrong.
    """
    body = Body(raw)
    if raw:
        try:
            value = orjson.loads(raw)
        except ValueError:
            return body
        if orjson.dumps(value) == raw:
            vars(body)["_read"] = value, ()
    return body
