"""Settings of NDW's pull: how its puller shows that it may read."""

from harness.model.settings import Setting
from harness.model.system import Mock, OtherChair, Service
from harness.standards.ocpi_2_2_1.settings import SETTINGS

PULL_SETTINGS = (
    Setting(
        "pull.token_encoding",
        "auto",
        ("base64", "raw"),
        "Does your puller send the token after 'Authorization: Token' in Base64, as OCPI has it, or as it is?",
    ),
    Setting(
        "pull.oauth_client_auth",
        "body",
        ("basic",),
        "Where does your puller show client id and secret to a token endpoint: in the form, or as HTTP Basic?",
    ),
    Setting(
        "pull.auth",
        "token",
        ("oauth2",),
        "Which of the two does the subject hand over: a token, or OAuth2 client credentials?",
        assumed=False,
    ),
    Setting(
        "pull.plain_http",
        "loopback",
        ("never", "allowed"),
        "Where may a subject be served without TLS in this run?",
        assumed=False,
    ),
    *SETTINGS,
)

TO_PULL_FROM = OtherChair(
    "somebody's puller",
    mock=Mock(
        "harness.systems.ndw.behaviour.pulled",
        "ndw-pull",
        (Service("pull", "ndw/openapi-pull.yaml", "/ocpi/2.2.1"),),
    ),
    given=("NDW_PULL_URL", "NDW_PULL_TOKEN"),
)
"""What somebody's puller meets, where the chairs are turned: the reference, within the machine of the mock."""
