"""Settings on what the objects of OCPI 2.2.1 are expected to say, for a national access point under AFIR.

How bad a departure is, is no setting: each level is a requirement of its own, which `keywords` raise or drop.
"""

from harness.model.reach import LIMIT_SETTINGS
from harness.model.settings import Setting

PATIENCE_SETTINGS = (
    Setting("pull.max_pages", 10_000, (), "After how many pages of one list does your puller give up?"),
    Setting("pull.page_timeout_s", 30, (), "For how many seconds does your puller wait for a page?"),
    Setting(
        "limit.list_objects",
        200_000,
        (),
        "How many objects of one list are read before the crawl is broken off?",
        assumed=False,
    ),
)
"""How far a puller of lists goes, and how long it waits."""

ASKING_SETTINGS = (
    Setting(
        "pull.limit_param",
        "none",
        (),
        "Does your puller send limit when it fetches a list, and which number?",
        or_number=True,
    ),
    Setting(
        "pull.trailing_slash",
        "as-given",
        ("always",),
        "Does your puller put a slash at the end of every address, or ask for addresses as they were handed over?",
    ),
    Setting(
        "pull.require_date_filters",
        True,
        (False,),
        "Must a server support date_from and date_to, though your puller asks for the whole list?",
    ),
)
"""What a puller of lists writes into its requests."""

AFIR_SETTINGS = (
    Setting(
        "ndw.removed_evse_exempt",
        True,
        (False,),
        "May an EVSE with status REMOVED lack parking_restrictions, max_electric_power and tariff_ids?",
    ),
    Setting(
        "ndw.currency",
        "EUR",
        (),
        "Which currency do you expect tariffs to be in?",
    ),
)
"""What NDW has not published about the members that it asks for beyond OCPI."""

DATA_SETTINGS = (
    Setting(
        "sem.power_tolerance",
        0.10,
        (),
        "By what share may max_electric_power exceed voltage times current before you ask back?",
    ),
    Setting(
        "sem.voltage_ac3_max",
        300,
        (),
        "Up to how many volts do you take max_voltage of AC_3_PHASE for line to neutral?",
    ),
    Setting(
        "party.declared",
        "",
        (),
        "Which parties is the data of? --party fills it in, as NL/ABC,NL/DEF; without any, parties are not compared.",
        assumed=False,
    ),
    Setting(
        "party.operators",
        "",
        (),
        "Which operators of evse_ids belong to which party, as NL/ABX=NL/ABC,NL/OLD=NL/ABC?",
        assumed=False,
    ),
)
"""What no schema says of the data: when numbers are plausible, and whose data it is."""

DOCUMENT_SETTING = Setting(
    "subject.openapi",
    "none",
    ("given",),
    "Was the party's own OpenAPI document given to this run? Set by --openapi.",
    assumed=False,
)

SETTINGS = (*ASKING_SETTINGS, *PATIENCE_SETTINGS, *AFIR_SETTINGS, *DATA_SETTINGS, DOCUMENT_SETTING, *LIMIT_SETTINGS)
"""All of them, in the order in which they are listed."""
