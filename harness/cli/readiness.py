"""Preflight of a plan: its secrets go into the vault, its world is made, and what stands in the way is found out."""

from dataclasses import replace
from random import Random

from harness.auth.vault import Vault
from harness.cli.credentials import client_in
from harness.cli.plan import Plan
from harness.cli.route import look_of, secrets_on_the_way
from harness.model.reach import limits_of
from harness.model.system import Interface
from harness.model.world import Clock, VirtualClock, World
from harness.run.check import UNCHECKED
from harness.run.drive import Drive
from harness.run.preflight import Readiness, preflight


async def readiness(
    plan: Plan, interface: Interface, drive: Drive, vault: Vault, clock: Clock, random: Random
) -> Readiness:
    """Can the plan's subject be tested? `clock` is wire time."""
    settings, oauth = plan.profile.settings, plan.oauth
    client = client_in(vault, oauth, interface, settings) if oauth else None
    secret = client.secret if client else vault.keep(plan.token)
    drive.extra = tuple((name, vault.keep(value)) for name, value in plan.reach.headers)
    for password in secrets_on_the_way(plan):
        vault.keep(password)
    world = World(
        clock, VirtualClock(plan.now or clock.now()), random, settings, secret, interface.access.presentations[0],
        parties=plan.parties, client=client, guest=plan.is_guest,
    )  # fmt: skip
    look = look_of(plan, limits_of(settings, interface.timeout_setting).silence_s)
    ready = await preflight(drive, world, vault, look)
    return replace(ready, checks=(UNCHECKED, *ready.checks)) if plan.reach.insecure else ready
