"""NDW, push: the client secret and the access tokens stay where they belong.

Needs no setting.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from harness.model.edit import Retelling, Rewrite
from harness.model.exchange import Conversation, HttpExchange, OutputLine, Transcript
from harness.model.requirement import SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.verdict import NotEnough, Problem
from scenarios.ndw import NDW
from scenarios.ndw.push_words import is_push, problem_of

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

MARK = "[secret "
"""What stands in evidence where a secret stood."""

MOST_LINES = 20
"""So many lines are told; a client that logs its headers does so with each request."""


def with_query(query: str) -> Rewrite:
    """The first push of each conversation has this query."""

    def change(exchanges: Sequence[HttpExchange]) -> list[HttpExchange]:
        first = next(filter(is_push, exchanges), None)
        return [
            replace(one, request=replace(one.request, url=f"{one.request.url}?{query}")) if one is first else one
            for one in exchanges
        ]

    return Rewrite(f"?{query}", "request.query:", change)


def with_line(text: str, *leaks: str) -> Retelling:
    """The client has written this line."""

    def change(transcript: Transcript) -> Transcript:
        if transcript.output is None:
            return transcript
        return replace(transcript, output=(*transcript.output, OutputLine("stderr", text, leaks)))

    return Retelling(f"it writes {text!r}", "transcript", change)


@requirement(
    SHOULD,
    NDW["Push - Authentication"],
    basis=Basis.ASSUMED,
    row="push-secret-not-exposed",
    when=lambda conversation: bool(conversation.exchanges),
    broken_by=[with_query("client_secret=[secret 1]")],
    kept_by=[with_query("x_trace=1")],
)
def no_secret_is_in_a_url(conversation: Conversation) -> Problems:
    """Neither the client secret nor an access token stands in a URL.

    Why: URLs are written to the logs of every proxy and server on the way.
    Fix: send the secret in the form, and the token in the Authorization header.
    """
    for one in conversation.exchanges:
        if MARK in one.request.url and "probe" not in one.tags:
            path, _, query = one.request.url.partition("?")
            place = "request.path:" if MARK in path else "request.query:"
            yield problem_of(one, place, "no secret in the URL", one.request.url if place == "request.path:" else query)


@requirement(
    SHOULD,
    NDW["Push - Authentication"],
    basis=Basis.ASSUMED,
    row="push-secret-not-exposed",
    broken_by=[
        with_line("> Authorization: Bearer [secret 2]", "access token"),
    ],
    kept_by=[with_line("got an access token, good until 08:30:05 UTC")],
)
def no_secret_is_in_the_output(conversation: Conversation) -> Problems:
    """What the client writes to stdout and stderr holds neither the client secret nor an access token.

    Why: logs are kept for long, sent elsewhere, and read by many.
    Fix: turn off logging of headers and bodies, or have it leave out Authorization and client_secret.
    """
    if conversation.output is None:
        yield NotEnough("needs the client's output: run it as a command")
        return
    leaking = [line for line in conversation.output if line.leaks]
    for line in leaking[:MOST_LINES]:
        actual = f"the {' and the '.join(line.leaks)} on {line.stream}: {line.text[:200]}"
        yield Problem("transcript", "no secret in the output", actual, situation=conversation.situation)
