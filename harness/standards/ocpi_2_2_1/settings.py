"""Settings on what the objects of OCPI 2.2.1 are expected to say, for a national access point under AFIR.

How bad a departure is, is no setting: each level is a requirement of its own, which `keywords` raise or drop.
"""

from harness.model.settings import Setting

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
