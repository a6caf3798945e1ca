"""NDW DOT-NL: charge point data on OCPI 2.2.1 under AFIR."""

from harness.model.settings import Setting
from harness.model.system import Access, Interface, Reference, System
from harness.standards.ocpi_2_2_1 import MESSAGE_IDS, OBJECTS, TOKEN_PRESENTATIONS, refused
from harness.standards.ocpi_2_2_1.endpoints import NEAR
from harness.standards.ocpi_2_2_1.files import file_kinds
from harness.standards.ocpi_2_2_1.settings import DOCUMENT_SETTING, SETTINGS
from harness.standards.ocpi_2_2_1.stages import STAGES

_PULL_SETTINGS = (
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
)

SYSTEM = System(
    name="ndw",
    title="NDW DOT-NL",
    port=7401,
    interfaces=(
        Interface(
            id="ndw-pull",
            title="NDW pulls locations and tariffs from a charge point operator's OCPI 2.2.1 server",
            subject="server",
            profile_date="2026.12",
            document="ndw/openapi-pull.yaml",
            entries=("/locations", "/tariffs"),
            access=Access(
                TOKEN_PRESENTATIONS,
                refused,
                form_setting="pull.token_encoding",
                hint="NDW needs the token that opens the lists without a handshake (OCPI's token C)",
                way_setting="pull.auth",
                client_auth_setting="pull.oauth_client_auth",
            ),
            settings=(*_PULL_SETTINGS, *SETTINGS),
            objects=OBJECTS,
            reference=Reference(
                "harness.systems.ndw.reference", "/ocpi/2.2.1", "reference CPO", "/oauth2/token", ("NL/XPO",)
            ),
            fresh_ids=MESSAGE_IDS,
            timeout_setting="pull.page_timeout_s",
            slash_setting="pull.trailing_slash",
            parties_setting="party.declared",
            stages=STAGES,
            openapi_setting=DOCUMENT_SETTING.name,
            near=NEAR,
            files=file_kinds("ndw"),
        ),
    ),
)
