"""NDW, push: how long a client keeps its access token: no shorter than it must, and no longer than it lives.

Needs the setting ``token.min_interval_s``.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

from harness.judge.vocabulary import token_life_s
from harness.model.edit import Retelling
from harness.model.exchange import Conversation, HttpExchange, Transcript
from harness.model.requirement import SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.model.settings import Settings
from harness.model.verdict import NotEnough, Problem
from scenarios.ndw import NDW
from scenarios.ndw.push_words import (
    gives_out,
    is_push,
    number_of,
    problem_of,
    pushes,
    seconds,
    told,
)

requirement = partial(declared, since="2026.12", binds=Binds.CLIENT)

MOST_WORKERS = 8
"""So many processes of a client may have a token each."""

LONG_LIFE_S = 900
"""Of tokens that live shorter, nobody says that they are fetched too often: libraries renew minutes early."""

EARLY_S = 300
"""So early libraries renew."""


def _lives_long(exchange: HttpExchange) -> bool:
    return gives_out(exchange) and (token_life_s(exchange) or 0) >= LONG_LIFE_S


def _a_token_for_each(transcript: Transcript) -> Transcript:
    """Before each push a new token is fetched, and shown by that push alone."""
    fetched = next(filter(_lives_long, transcript.exchanges), None)
    if fetched is None or fetched.response is None or len(pushes(Conversation(transcript))) <= MOST_WORKERS:
        return transcript
    told: list[HttpExchange] = []
    for at, one in enumerate(transcript.exchanges):
        if is_push(one) and one.request.credential is not None:
            issued = tuple(replace(each, n=10_000 + at) for each in fetched.response.issued)
            moment = one.sent - timedelta(milliseconds=2)
            response = replace(fetched.response, issued=issued)
            told.append(replace(fetched, id=f"{one.id}-token", sent=moment, received=moment, response=response))
            one = replace(one, request=replace(one.request, credential=replace(one.request.credential, n=10_000 + at)))
        told.append(one)
    return replace(transcript, exchanges=tuple(told))


def _tokens_for_workers(transcript: Transcript) -> Transcript:
    """Three more workers have each fetched a token of their own at the beginning."""
    fetched = next(filter(gives_out, transcript.exchanges), None)
    if fetched is None or fetched.response is None:
        return transcript
    more = []
    for number in range(3):
        issued = tuple(replace(each, n=20_000 + number) for each in fetched.response.issued)
        more.append(replace(fetched, id=f"{fetched.id}-{number}", response=replace(fetched.response, issued=issued)))
    at = transcript.exchanges.index(fetched) + 1
    return replace(transcript, exchanges=(*transcript.exchanges[:at], *more, *transcript.exchanges[at:]))


@requirement(
    SHOULD,
    NDW["Push - Authentication"],
    row="push-token-reused",
    rests_on=["token.min_interval_s"],
    when=lambda conversation: any(map(_lives_long, conversation.exchanges)),
    asked_by=["ndw/all-is-well", "ndw/burst-of-changes"],
    broken_by=[Retelling("a token for each push", "request.path:", _a_token_for_each)],
    kept_by=[Retelling("four workers with a token each", "request.path:", _tokens_for_workers)],
)
def tokens_are_used_again(conversation: Conversation, settings: Settings) -> Problems:
    """One access token serves many pushes: a worker asks for another when the old one is about to end, or was refused.

    Why: a token is good for half an hour; NDW's page says that none is needed for each update.
    Fix: keep the token with its expires_in, share it within the process, and renew it a minute before it ends.
    """
    fetched = sorted(filter(_lives_long, conversation.exchanges), key=lambda one: one.sent)
    said = pushes(conversation)
    refused = [one for one in said if one.response is not None and one.response.status == 401]
    span_s = min([settings.number("token.min_interval_s"), *((token_life_s(one) or 0) - EARLY_S for one in fetched)])
    problems: list[Problem] = []
    for at, one in enumerate(fetched):
        within = [other for other in fetched[: at + 1] if seconds(other.sent, one.sent) < span_s]
        since = within[0].sent
        starts = sum(
            happening.kind == "started" and since < happening.at <= one.sent for happening in conversation.happened
        )
        excused = sum(since <= other.sent <= one.sent for other in refused)
        if len(within) > MOST_WORKERS * (1 + starts) + excused:
            actual = f"{len(within)} in {seconds(since, one.sent):.1f} s, for {len(said)} pushes"
            expected = f"at most {MOST_WORKERS} access tokens in {span_s:.0f} s, one for each worker"
            problems.append(problem_of(one, "request.path:", expected, actual))
            break
    enough = len(said) >= 2 * len(fetched)
    lacking = NotEnough(f"needs more pushes: {len(said)} were made, and {len(fetched)} tokens given out for them")
    yield from told(problems, enough or len(said) > MOST_WORKERS, [lacking])


SHORT_LIFE_S = 120
"""For the end of tokens that live longer, no situation waits."""

LATE_S = 2.0
"""What arrives so soon after a token's end may have been sent before it."""


def _with_the_ended_token(transcript: Transcript) -> Transcript:
    """Every push shows the first token, however old it is."""
    first = next((number_of(one) for one in transcript.exchanges if gives_out(one)), None)
    return replace(
        transcript,
        exchanges=tuple(
            replace(one, request=replace(one.request, credential=replace(one.request.credential, n=first)))
            if first is not None and is_push(one) and one.request.credential is not None
            else one
            for one in transcript.exchanges
        ),
    )


def _ends(conversation: Conversation) -> Iterator[tuple[int, HttpExchange, int]]:
    """Each token that says how long it lives: its number, who gave it out, and its life in seconds."""
    for one in filter(gives_out, conversation.exchanges):
        number, life = number_of(one), token_life_s(one)
        if number is not None and life is not None:
            yield number, one, life


def _may_see_an_end(conversation: Conversation) -> bool:
    """A token lives so short that it is waited for its end, or has come to it."""
    until = conversation.until
    return any(
        life <= SHORT_LIFE_S or (until is not None and seconds(one.received, until) > life)
        for _number, one, life in _ends(conversation)
    )


@requirement(
    SHOULD,
    NDW["Push - Authentication"],
    basis=Basis.ASSUMED,
    row="push-token-honours-expires-in",
    when=_may_see_an_end,
    asked_by=["ndw/short-lived-token"],
    broken_by=[Retelling("the first token to the end", "request.header:authorization", _with_the_ended_token)],
    kept_by=[Retelling("four workers with a token each", "request.header:authorization", _tokens_for_workers)],
)
def no_ended_token_is_shown(conversation: Conversation) -> Problems:
    """No push shows an access token whose expires_in is over.

    Why: such a push is answered 401 and has to be made twice; NDW may set another life than the usual half hour.
    Fix: read expires_in of each answer (not refresh_expires_in, no fixed number), and renew a little before.
    """
    tokens = {number: (one, life) for number, one, life in _ends(conversation)}
    problems: list[Problem] = []
    shown_ = False
    for push in pushes(conversation):
        credential = push.request.credential
        if credential is None:
            continue
        given = tokens.get(credential.n)
        if given is not None and seconds(given[0].received, push.sent) > given[1] + LATE_S:
            age = seconds(given[0].received, push.sent)
            problems.append(
                problem_of(
                    push,
                    "request.header:authorization",
                    f"a token that lives; this one had expires_in {given[1]}",
                    f"a token {age:.0f} s old",
                )
            )
        shown_ |= any(seconds(one.received, push.sent) > life for one, life in tokens.values())
    shortest = min(life for _one, life in tokens.values())
    first = min(one.received for one, _life in tokens.values())
    watched = seconds(first, conversation.until) if conversation.until is not None else 0.0
    lacking = NotEnough(f"needs time: a push after the {shortest} s that a token lives; {watched:.0f} s were watched")
    yield from told(problems, shown_, [lacking])
