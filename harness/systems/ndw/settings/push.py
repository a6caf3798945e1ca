"""Settings of NDW's push: the points that its page leaves open, and what its mock does about each."""

from harness.model.settings import Setting
from harness.standards.ocpi_2_2_1.convergence import CONVERGENCE_SETTINGS
from harness.standards.ocpi_2_2_1.settings import AFIR_SETTINGS, DATA_SETTINGS

_ADDRESS_SETTINGS = (
    Setting("push.base_path", "/ocpi/2.2.1", (), "Below which path of your host do locations and tariffs stand?"),
    Setting(
        "token.path",
        "/auth/realms/ndw/protocol/openid-connect/token",
        (),
        "At which path of its host does your token server give out tokens on staging?",
    ),
)
_TOKEN_SETTINGS = (
    Setting("token.expires_in", 1800, (), "For how many seconds is an access token good?"),
    Setting(
        "token.min_interval_s",
        1500,
        (),
        "How many seconds should lie at least between two requests of one worker for an access token?",
    ),
    Setting(
        "token.refresh",
        "refuse",
        ("accept",),
        "Your page shows a refresh_token: may a client renew by it, or only by its own credentials?",
    ),
    Setting(
        "token.error_style",
        "keycloak",
        ("rfc6749", "unauthorized_client"),
        "How does your token server tell errors: a client without this grant with 401 as Keycloak, or with 400 as"
        " RFC 6749 has it; or a wrong secret as unauthorized_client?",
    ),
)
_ID_SETTINGS = (
    Setting(
        "push.id_compare",
        "without-case",
        ("exact",),
        "Are ids that differ in upper and lower case alone the same id?",
    ),
    Setting(
        "push.foreign_party",
        "hide",
        ("404", "2001"),
        "What becomes of an object of a party that the account does not deliver for: is it stored but not shown,"
        " or refused with 404, or with code 2001?",
    ),
    Setting(
        "push.routing_headers",
        "optional",
        ("required",),
        "Must a push carry the four OCPI-to and OCPI-from header fields?",
    ),
)
_UNKNOWN_SETTINGS = (
    Setting("push.get_method", "405", ("serve", "404"), "How is a GET of an object that was pushed answered?"),
    Setting(
        "push.unsupported_method",
        "405",
        ("404",),
        "How is a method answered that your page does not list, such as DELETE of a location?",
    ),
    Setting(
        "push.unknown_parent",
        "404",
        ("2001", "2003"),
        "How is the PUT of an EVSE or connector answered whose location or EVSE you do not know?",
    ),
    Setting("push.patch_unknown", "404", ("2001", "2003"), "How is the PATCH of an object answered that is not there?"),
    Setting("push.delete_unknown", "404", ("204", "2001"), "How is the DELETE of a tariff answered that is not there?"),
)
_BODY_SETTINGS = (
    Setting(
        "push.put_requires",
        "whole",
        ("last_updated",),
        "Does a PUT hold the whole object, or last_updated and what has changed?",
    ),
    Setting(
        "push.put_drops_evse",
        "store",
        ("keep",),
        "A PUT of a location lists fewer EVSEs than you have: are those gone, or kept?",
    ),
    Setting(
        "push.patch_evses",
        "replace",
        ("merge", "reject"),
        "A PATCH holds evses or connectors: does this list replace the old one, is it merged in by id, or refused?",
    ),
    Setting(
        "schema.null_in_patch",
        "reject",
        ("clear", "ignore"),
        "A PATCH holds null: is it refused, is the member cleared, or stays it as it was?",
    ),
    Setting(
        "push.older_last_updated",
        "store",
        ("ignore", "reject"),
        "A push is older by its last_updated than what you have: is it stored, ignored with success, or refused?",
    ),
    Setting(
        "push.equal_last_updated",
        "store",
        ("ignore", "reject"),
        "A push has the last_updated that you have, and says something else: is it stored, ignored, or refused?",
    ),
    Setting(
        "push.non_object_body",
        "2001",
        ("400",),
        "How is a body answered that is JSON, but no object: 200 with code 2001, or HTTP 400?",
    ),
    Setting(
        "push.wrong_content_type",
        "process",
        ("415", "400"),
        "How is a body answered that is not said to be application/json: is it read all the same?",
    ),
)
_ANSWER_SETTINGS = (
    Setting("push.success_data", "absent", ("null", "echo"), "What stands in data where a push was done?"),
    Setting("push.created_status", 201, (200,), "With which status is a PUT of a new object answered?"),
    Setting("push.http_error_body", "envelope", ("empty", "html"), "What is in the body of an answer of 4xx?"),
)
_PULLER_SETTINGS = (
    Setting("pull.hour", 3, (), "At which hour of the day (UTC; 24 is midnight) do you pull the whole lists?"),
)
_TIME_SETTINGS = (
    Setting(
        "time.dynamic_limit_s",
        60,
        (),
        "Within how many seconds after a change of dynamic data must it be with you?",
        assumed=False,
    ),
    Setting("time.skew_s", 5, (), "How many seconds late may a push be before it counts as late?", assumed=False),
    Setting(
        "time.dynamic_fields",
        "EVSE.status,Connector.tariff_ids,Tariff",
        (),
        "Which members are dynamic data to you, as EVSE.status,Connector.tariff_ids,Tariff (all of it)?",
    ),
)

PUSH_SETTINGS = (
    *_ADDRESS_SETTINGS,
    *_TOKEN_SETTINGS,
    *_ID_SETTINGS,
    *_UNKNOWN_SETTINGS,
    *_BODY_SETTINGS,
    *_ANSWER_SETTINGS,
    *_PULLER_SETTINGS,
    *_TIME_SETTINGS,
    *CONVERGENCE_SETTINGS,
    *AFIR_SETTINGS,
    *DATA_SETTINGS,
)
"""All of them, in the order in which they are listed."""
