"""NDW, push: what the token server answers. It binds NDW, or the mock in its place."""

from harness.judge.vocabulary import both, operation, status
from harness.model.edit import with_field, without_field
from harness.model.requirement import MUST, Binds, requirement
from harness.model.scenario import Steps, ask_for_a_token, scenario
from harness.model.world import World
from scenarios.ndw import NDW


@scenario
def fetch_a_push_token(world: World) -> Steps:
    """The client asks the token server for an access token."""
    if world.client is not None:
        yield from ask_for_a_token(world.client)


a_token = both(operation("requestToken"), status(200))


@requirement(
    MUST,
    NDW["Push - Authentication"],
    row="ndw-token-response-shape",
    since="2026.12",
    binds=Binds.SERVER,
    asked_by=["ndw/fetch-a-push-token"],
    broken_by=[
        *(
            without_field(f"/{name}").on(a_token)
            for name in ("access_token", "expires_in", "refresh_token", "not-before-policy", "session_state", "scope")
        ),
        with_field("/token_type", "mac").on(a_token),
        with_field("/expires_in", "1800").on(a_token),
    ],
    kept_by=[with_field("/x_trace", 1).on(a_token), with_field("/expires_in", 300).on(a_token)],
)
def token_answers_have_the_published_keys() -> None:
    """The token server answers with the eight members that NDW's page shows, of the kinds that it shows.

    Why: clients read expires_in to know when they need a new token, and some log the session.
    Fix: the endpoint has to answer so; of the mock in the box, please report it.
    """
