"""``harness reference``: the bundled implementation of the user's chair, to try things on or to start from."""

import os
import sys
from typing import Annotated, Any

import typer

from harness.cli.plan import UsageError


def command(
    system: Annotated[str, typer.Argument(help="ndw")],
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port on loopback; 0 takes a free one.")] = None,
    token_env: Annotated[str | None, typer.Option(help="Environment variable with the token that it asks for.")] = None,
    fault: Annotated[list[str] | None, typer.Option(help="OPERATION:EDIT(ARGS)[:times=N][:after=N]")] = None,
    seed: Annotated[int, typer.Option(help="Seed of its data.")] = 1,
) -> None:
    """Serve the bundled implementation until Ctrl-C."""
    from harness.cli.names import reference_of
    from harness.cli.stand_in import new_token, reference_app, spelt_faults
    from harness.collect import suite
    from harness.mock.faulty_app import FaultyApp
    from harness.wire.clock import SystemClock
    from harness.wire.serve import listener, serve_until_interrupted

    chosen = suite(reference_of(system).id)
    token = os.environ.get(token_env, "") if token_env else new_token()
    if not token:
        raise UsageError(f"--token-env: environment variable {token_env} is not set; set it to the token to ask for")
    document = chosen.load()
    token_path = chosen.interface.reference.token_path
    client = ("harness", new_token()) if token_path and not token_env else None
    faults = spelt_faults(tuple(fault or ()), document)
    options: dict[str, Any] = {"oauth_client": client} if client else {}
    app = reference_app(chosen, SystemClock(), token, seed=seed, **options)
    base_path = chosen.interface.reference.base_path
    wanted = chosen.system.port if port is None else port
    try:
        bound = listener(wanted)
    except OSError as error:
        hint = "choose another with --port, or 0 for a free one"
        raise UsageError(f"--port: port {wanted}: {error.strerror}; {hint}") from None
    origin = f"http://127.0.0.1:{bound.getsockname()[1]}"
    url = origin + base_path
    variable = token_env or "HARNESS_TOKEN"
    typer.echo(f"The {chosen.interface.reference.title} serves {url}")
    typer.echo("Judge it from another terminal:\n")
    if not token_env:
        typer.echo(f"  export {variable}={token}")
    typer.echo(f"  harness check {chosen.interface.id} --url {url} --token-env {variable}\n")
    if client:
        typer.echo("Or by OAuth2 client credentials:\n")
        typer.echo(f"  export HARNESS_SECRET={client[1]}")
        login = f"--token-url {origin}{token_path} --client-id {client[0]} --client-secret-env HARNESS_SECRET"
        typer.echo(f"  harness check {chosen.interface.id} --url {url} {login}\n")
    typer.echo("Ctrl-C ends it.")
    sys.stdout.flush()
    serve_until_interrupted(FaultyApp(app, faults, document, base_path) if faults else app, bound)
