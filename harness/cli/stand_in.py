"""The bundled reference as the subject of a check: with credentials of its own, behind faults where they are wanted."""

import importlib
import secrets
import string
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

from harness.cli.credentials import OAUTH2
from harness.cli.hook_settings import KNOWN
from harness.cli.plan import OAuthClient, Plan, UsageError
from harness.collect import Suite
from harness.mock.fault import Fault, fault_of
from harness.mock.faulty_app import FaultyApp
from harness.model.world import Clock
from harness.run.hooks import Hook, local_hook
from harness.spec.openapi import Document
from harness.wire.serve import served
from harness.wire.transport import AsgiApp

_TOKEN_ALPHABET = string.ascii_letters + string.digits


@contextmanager
def bundled(
    plan: Plan, chosen: Suite, document: Document, clock: Clock, faults: tuple[Fault, ...]
) -> Iterator[tuple[Plan, dict[str, Hook]]]:
    """It on a listener of its own on loopback, behind these faults and those that the plan spells: the plan that judges
    it there, and its hooks."""
    faults = (*faults, *spelt_faults(plan.faults, document))
    app, aimed_at = stand_in(plan, chosen, clock)
    base_path = chosen.interface.reference.base_path
    with served(FaultyApp(app, faults, document, base_path, clock) if faults else app) as origin:
        yield aimed_at(origin), reference_hooks(chosen, app)


def stand_in(plan: Plan, chosen: Suite, clock: Clock) -> tuple[AsgiApp, Callable[[str], Plan]]:
    """The bundled reference with credentials of its own, and the plan that judges it at a given origin."""
    token, way = new_token(), chosen.interface.access.way_setting
    by_oauth = way is not None and plan.profile.settings.text(way) == OAUTH2
    client = ("harness", new_token()) if by_oauth else None
    app = reference_app(chosen, clock, token, **({"oauth_client": client} if client else {}))
    reference = chosen.interface.reference

    def aimed_at(origin: str) -> Plan:
        oauth = OAuthClient(*client, f"{origin}{reference.token_path}") if client else None
        addresses = replace(plan.addresses, base=origin + reference.base_path)
        return replace(plan, token=token, oauth=oauth, addresses=addresses)

    return app, aimed_at


def reference_hooks(chosen: Suite, app: AsgiApp) -> dict[str, Hook]:
    """The hooks that the bundled implementation has itself: those of its functions that are named like one."""
    module = importlib.import_module(chosen.interface.reference.module)
    return {name: local_hook(partial(getattr(module, name), app)) for name in KNOWN["server"] if hasattr(module, name)}


def spelt_faults(specs: tuple[str, ...], document: Document) -> tuple[Fault, ...]:
    """The faults that ``--fault`` options put on a reference; UsageError where one describes none."""
    try:
        operations = [operation.id for operation in document.operations]
        return tuple(fault_of(spec, operations, of_a_mock=False) for spec in specs)
    except ValueError as error:
        raise UsageError(f"--fault: {error}") from None


def reference_app(chosen: Suite, clock: Clock, token: str, **options: Any) -> AsgiApp:
    """The bundled implementation of the subject's chair."""
    module = importlib.import_module(chosen.interface.reference.module)
    app: AsgiApp = module.create_app(token=token, now=clock.now, **options)
    return app


def new_token() -> str:
    """A token for a reference: 32 letters and digits."""
    return "".join(secrets.choice(_TOKEN_ALPHABET) for _ in range(32))
