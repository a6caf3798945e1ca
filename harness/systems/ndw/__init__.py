"""NDW DOT-NL: charge point data on OCPI 2.2.1 under AFIR."""

from harness.model.exchange import TOKEN_ENDPOINT
from harness.model.system import Access, Interface, Mock, Puller, Reference, Service, System
from harness.standards.ocpi_2_2_1 import MESSAGE_IDS, OBJECTS, PUSHED_OBJECTS, TOKEN_PRESENTATIONS, refused
from harness.standards.ocpi_2_2_1.endpoints import NEAR, PUSH_ENDPOINT
from harness.standards.ocpi_2_2_1.files import file_kinds
from harness.standards.ocpi_2_2_1.settings import DOCUMENT_SETTING
from harness.standards.ocpi_2_2_1.stages import PUSH_STAGES, STAGES
from harness.systems.ndw.settings.pull import PULL_SETTINGS, TO_PULL_FROM
from harness.systems.ndw.settings.push import PUSH_SETTINGS

_PUSH = "harness.systems.ndw.reference.push"

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
            settings=PULL_SETTINGS,
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
            other_chair=TO_PULL_FROM,
        ),
        Interface(
            id="ndw-push",
            title="A charge point operator pushes locations and tariffs to NDW's OCPI 2.2.1 endpoint",
            subject="client",
            profile_date="2026.12",
            document="ndw/openapi-push.yaml",
            more_documents=("ndw/openapi-token.yaml",),
            settings=PUSH_SETTINGS,
            objects=PUSHED_OBJECTS,
            reference=Reference(
                f"{_PUSH}_in_process", "", "reference push client", parties=("NL/XPO",), command=("python", "-m", _PUSH)
            ),
            crawled=False,
            fresh_ids=MESSAGE_IDS,
            parties_setting="party.declared",
            stages=PUSH_STAGES,
            other_chair=PUSH_ENDPOINT,
            given=("NDW_PUSH_URL", "NDW_TOKEN_URL", "NDW_CLIENT_ID", "NDW_CLIENT_SECRET", "NDW_PARTY"),
        ),
    ),
    mock=Mock(
        "harness.systems.ndw.behaviour",
        "ndw-push",
        (
            Service("push", "ndw/openapi-push.yaml", "/ocpi/2.2.1", "push.base_path"),
            Service("token", "ndw/openapi-token.yaml", path_setting="token.path", tags=frozenset({TOKEN_ENDPOINT})),
        ),
        Puller("ndw-pull", ("ocpi-2.2.1/crawl-locations", "ocpi-2.2.1/crawl-tariffs"), "pull.hour"),
        told=("locations", "tariffs"),
    ),
)
