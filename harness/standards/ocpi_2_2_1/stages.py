"""NDW's onboarding, step by step (page Connection / Data Submission), and the rows of the pull that decide a step."""

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
