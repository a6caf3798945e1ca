"""What NDW's mock does that no document says."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from harness.mock.call import Action, Behaviour, Dialect
from harness.mock.session import Session
from harness.standards.ocpi_2_2_1.convergence import differences
from harness.systems.ndw.behaviour import push, refusing, tokens
from harness.systems.ndw.behaviour.admission import admit
from harness.systems.ndw.behaviour.answers import with_message_ids
from harness.systems.ndw.seed import client_id_for, environment, known, seed, serve_only
from harness.systems.ndw.seed.account import end_tokens, known_account, make_account, rotate
from harness.systems.ndw.seed.world import LOCATIONS, TABLES, TARIFFS

_MOST_DIFFERENCES = 50
_CLIENT_ID = {"type": "string", "pattern": "^[!-~]+$", "title": "client_id of an account"}


def _schema(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _end_token(session: Session, arguments: Mapping[str, Any]) -> Any:
    client_id = arguments.get("client_id")
    if client_id is not None:
        known_account(session, client_id)
    return {"ended": end_tokens(session, client_id)}


def _rotate_secret(session: Session, arguments: Mapping[str, Any]) -> Any:
    row = known_account(session, arguments.get("client_id"))
    made = make_account(session, row["client_id"], row["parties"], int(row.get("secret_number", 1)) + 1)
    return {"client_id": made["client_id"], "client_secret": made["client_secret"]}


def _rotate_keys(session: Session, _arguments: Mapping[str, Any]) -> Any:
    return {"key": rotate(session)}


def _add_account(session: Session, arguments: Mapping[str, Any]) -> Any:
    parties = list(arguments["parties"])
    client_id = arguments.get("client_id") or client_id_for(parties[0])
    if session.tables.get("accounts", client_id) is not None:
        raise ValueError(f"there is an account {client_id} already: give another client_id")
    made = make_account(session, client_id, parties)
    return {"client_id": client_id, "client_secret": made["client_secret"], "parties": parties}


def _compare_pulled(session: Session, _arguments: Mapping[str, Any]) -> Any:
    states = {
        name: (dict(session.tables.rows(name)), dict(session.tables.rows(f"pulled_{name}")))
        for name in (LOCATIONS, TARIFFS)
    }
    if not any(pulled for _pushed, pulled in states.values()):
        raise ValueError("nothing was pulled yet: serve with --pull-url, then pull-now")
    found = {name: list(differences(*both)) for name, both in states.items()}
    told = [{"table": name, **asdict(one)} for name, ones in found.items() for one in ones]
    return {"count": len(told), "differences": told[:_MOST_DIFFERENCES]}


_PARTIES = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "pattern": "^[A-Za-z]{2}/[A-Za-z0-9]{3}$"},
    "title": "parties, such as NL/ABC",
}

BEHAVIOUR = Behaviour(
    operations={
        **dict.fromkeys(("putLocation", "putEvse", "putConnector", "putTariff"), push.put),
        **dict.fromkeys(("patchLocation", "patchEvse", "patchConnector"), push.patch),
        **dict.fromkeys(("getLocation", "getEvse", "getConnector", "getTariff"), push.get),
        "deleteTariff": push.delete_tariff,
        "requestToken": tokens.request_token,
    },
    dialects={
        "push": Dialect(
            unknown_path=refusing.unknown_path,
            method_not_listed=refusing.method_not_listed,
            admit=admit,
            refused=refusing.refused,
            trouble=refusing.trouble,
            finished=with_message_ids,
        ),
        "token": Dialect(
            unknown_path=tokens.unknown_path,
            method_not_listed=tokens.method_not_listed,
            admit=lambda _call: None,
            refused=tokens.refused,
            trouble=tokens.trouble,
            finished=tokens.finished,
        ),
    },
    tables=TABLES,
    seed=seed,
    environment=environment,
    known=known,
    serve_only=serve_only,
    actions={
        "end-token": Action(
            "Tell access tokens ended: all of them, or those of one client",
            _end_token,
            _schema([], client_id=_CLIENT_ID),
        ),
        "rotate-secret": Action(
            "Give a client a new secret, which is shown this once", _rotate_secret, _schema([], client_id=_CLIENT_ID)
        ),
        "rotate-keys": Action("Sign tokens with a new key: older tokens are no good any more", _rotate_keys),
        "compare-pulled": Action("Tell where what was pushed and what was pulled differ", _compare_pulled),
        "add-account": Action(
            "Make an account for these parties",
            _add_account,
            _schema(["parties"], parties=_PARTIES, client_id=_CLIENT_ID),
        ),
    },
    secrets={"requestToken": ("access_token", "refresh_token")},
)
