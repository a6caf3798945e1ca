"""NDW's onboarding, step by step (page Connection / Data Submission), and the rows that decide a step."""

from harness.model.stage import Stage

_BOTH = (
    "pull-version-2-2-1-only",
    "pull-response-is-json",
    "pull-envelope-keys",
    "pull-data-shape",
    "pull-error-envelope",
    "pull-message-ids-echoed",
    "pull-no-http-error-for-content",
    "paging-*",
    "datetime-*",
    "string-and-url-characters",
    "not-available-marker",
    "sem-ids-*",
    "sem-last-updated-*",
    "party-*",
)
_LOCATIONS = (
    *("pull-location-*", "pull-locations-*", "location-*", "geolocation-*", "evse-*", "connector-*"),
    *("business-*", "hours-*", "energy-*", "image-*", "display-text-*", "ndw-location-*", "ndw-evse-*"),
    *("ndw-connector-*", "sem-evse-*", "sem-hours-*", "sem-energy-*", "sem-power-*", "sem-voltage-*"),
    *("sem-coordinates-*", "sem-location-*", "sem-tariff-reference-*", "sem-tariff-one-*", "single-*", "timely-pull-*"),
)
_TARIFFS = ("pull-tariffs-*", "tariff-*", "sem-tariff-*")
_NOT_HERE = "the push is judged by ndw-push"
_AFTER = "NDW decides it after looking at the data"

STAGES = (
    Stage("pull.auth", "pull credentials work", ("pull-auth-*", "pull-no-handshake-needed", "pull-https-only")),
    Stage("pull.locations", "locations comply with the connection schemas", (*_BOTH, *_LOCATIONS)),
    Stage("pull.tariffs", "tariffs comply with the connection schemas", (*_BOTH, *_TARIFFS)),
    Stage("env=staging", "data delivery is connected to staging", why=_AFTER),
    Stage("env=production", "data delivery is connected to production", why=_AFTER),
    Stage("push.auth", "push credentials work", why=_NOT_HERE),
    Stage("push.locations", "locations are pushed", why=_NOT_HERE),
    Stage("push.tariffs", "tariffs are pushed", why=_NOT_HERE),
)

_EVERY_PUSH = (
    *("push-listed-methods-only", "push-url-shape", "push-id-matches-url", "push-party-matches-url"),
    *("push-body-strict-json", "push-message-ids", "pull-message-ids-echoed", "push-put-complete"),
    *("push-accepts-204", "push-reads-ocpi-code", "push-backoff"),
    *("datetime-*", "string-and-url-characters", "not-available-marker", "party-*"),
    *("sem-ids-*", "sem-last-updated-*"),
)
_OF_LOCATIONS = (
    *("push-put-keeps-evses", "push-patch-*", "push-evse-*", "push-status-*", "push-404-*", "timely-dynamic-*"),
    *("location-*", "geolocation-*", "evse-*", "connector-*", "business-*", "hours-*", "energy-*", "image-*"),
    *("display-text-*", "ndw-location-*", "ndw-evse-*", "ndw-connector-*", "sem-evse-*", "sem-hours-*"),
    *("sem-energy-*", "sem-power-*", "sem-voltage-*", "sem-coordinates-*", "sem-location-*", "converge-locations"),
)
_OF_TARIFFS = ("push-tariff-*", "tariff-*", "sem-tariff-*", "timely-tariff-*", "converge-tariffs", "converge-deleted-*")
_PULLED = "the pull is judged by ndw-pull"

PUSH_STAGES = (
    Stage("pull.auth", "pull credentials work", why=_PULLED),
    Stage("pull.locations", "locations comply with the connection schemas", why=_PULLED),
    Stage("pull.tariffs", "tariffs comply with the connection schemas", why=_PULLED),
    Stage("env=staging", "data delivery is connected to staging", why=_AFTER),
    Stage("env=production", "data delivery is connected to production", why=_AFTER),
    Stage("push.auth", "push credentials work", ("push-token-*", "push-bearer-*", "push-401-*", "push-secret-*")),
    Stage("push.locations", "locations are pushed", (*_EVERY_PUSH, *_OF_LOCATIONS)),
    Stage("push.tariffs", "tariffs are pushed", (*_EVERY_PUSH, *_OF_TARIFFS)),
)
