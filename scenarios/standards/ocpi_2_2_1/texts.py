"""OCPI 2.2.1, types 16.1, 16.3, 16.7 and 16.8: texts in the objects of an answer, what they are made of."""

import re
from functools import partial
from urllib.parse import urlsplit

from harness.model.edit import with_field
from harness.model.exchange import Showing
from harness.model.requirement import MUST, SHOULD, Basis, Binds, Problems
from harness.model.requirement import requirement as declared
from harness.standards.ocpi_2_2_1 import OCPI
from harness.standards.ocpi_2_2_1.members import NO_DATA
from scenarios.standards.ocpi_2_2_1.objects import (
    contents,
    location_page,
    one_location,
    page_with,
    problem_at,
    shows,
    shows_objects,
    tariff_page,
)

SINCE = "2026.12"
requirement = partial(declared, since=SINCE, binds=Binds.AUTHOR)

CONNECTOR = "/data/0/evses/0/connectors/0"
TAG = re.compile(
    r"</?(a|b|big|blockquote|body|br|center|code|div|em|font|h[1-6]|head|hr|html|i|iframe|img|li|ol|p|pre|s|script|"
    r"small|span|strong|style|sub|sup|table|tbody|td|th|tr|u|ul)(\s[^<>]*)?/?>",
    re.IGNORECASE,
)
"""The elements of HTML that stand in texts; "< 3 km" and "<hek>" are no markup."""


@requirement(
    MUST,
    OCPI["types 16.7"],
    row="string-and-url-characters",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/address", "Kade 1\nHarlingen").on(location_page),
        with_field("/data/0/name", "tab\there").on(location_page),
        with_field("/data/city", "Utrecht\r").on(one_location),
        with_field("/data/0/operator/name", "Stroom\u0000").on(location_page),
        with_field("/data/0/evses/0/physical_reference", "3\u0085W").on(location_page),
        with_field("/data/0/tariff_alt_text", [{"language": "nl", "text": "een\ntwee"}]).on(tariff_page),
        with_field(f"{CONNECTOR}/terms_and_conditions", "https://stroom.example/\nterms").on(location_page),
    ],
    kept_by=[
        with_field("/data/0/name", "’s-Gravenhage – één, 😀 „plus” \u00a0\u200d").on(location_page),
        with_field("/data/0/address", "").on(location_page),
        with_field("/data/0/tariff_alt_text", [{"language": "nl", "text": "a" * 512}]).on(tariff_page),
    ],
)
def texts_are_printable() -> None:
    """No text holds a line break, a tab, or another sign that cannot be printed.

    Why: OCPI texts are one line; a line break in an address breaks exports and labels.
    Fix: replace line breaks by a comma or a space where the text is entered, or where it is sent.
    """


@requirement(
    MUST,
    OCPI["types 16.1"],
    row="string-and-url-characters",
    when=shows_objects,
    broken_by=[
        with_field("/data/0/id", "café-1").on(location_page),
        with_field("/data/evses/0/uid", "EV\t1").on(one_location),
        with_field("/data/0/evses/0/evse_id", "NL*ÀBC*E1").on(location_page),
        with_field(f"{CONNECTOR}/tariff_ids", ["tarief-één"]).on(location_page),
        with_field("/data/0/party_id", "ÉNX").on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/id", " a~b/c?d#e%20'\"<>").on(location_page),
        with_field("/data/0/id", "UPPER-lower_09").on(tariff_page),
    ],
)
def texts_without_case_are_ascii() -> None:
    """Ids, and all that is compared without regard to case, are printable ASCII.

    Why: what is upper case of another alphabet depends on who compares; two systems then see two ids, or one.
    Fix: use letters A to Z, digits and signs of ASCII in ids.
    """


@requirement(
    MUST,
    OCPI["types 16.8"],
    row="string-and-url-characters",
    when=shows("Connector", "Tariff", "BusinessDetails", "Image"),
    broken_by=[
        with_field(f"{CONNECTOR}/terms_and_conditions", "https://stroom.example/" + "t" * 277).on(location_page),
        with_field("/data/0/operator/website", "https://" + "w" * 248).on(location_page),
        with_field("/data/0/tariff_alt_url", "https://stroom.example/" + "t" * 233).on(tariff_page),
    ],
    kept_by=[
        with_field(f"{CONNECTOR}/terms_and_conditions", "https://stroom.example/" + "t" * 232).on(location_page),
        with_field("/data/0/tariff_alt_url", None).on(tariff_page),
    ],
)
def urls_have_at_most_255_characters() -> None:
    """No URL has more than 255 characters.

    Why: a URL that was cut off leads nowhere.
    Fix: use an address without session or tracking parameters, or a short one that leads on.
    """


@requirement(
    SHOULD,
    OCPI["types 16.8"],
    basis=Basis.ASSUMED,
    row="string-and-url-characters",
    when=shows("Connector", "Tariff", "BusinessDetails", "Image"),
    broken_by=[
        with_field("/data/0/operator/website", "stroom.example").on(location_page),
        with_field("/data/0/operator/website", "/contact").on(location_page),
        with_field(f"{CONNECTOR}/terms_and_conditions", "http:///terms").on(location_page),
        with_field("/data/0/tariff_alt_url", "mailto:info@stroom.example").on(tariff_page),
        with_field("/data/0/operator/website", "https://[stroom").on(location_page),
    ],
    kept_by=[
        with_field("/data/0/operator/website", "HTTP://Stroom.Example:8080/a?b=c#d").on(location_page),
        with_field("/data/0/operator/website", "https://stroom.example").on(location_page),
        with_field("/data/0/operator/website", "").on(location_page),
        with_field("/data/0/operator/website", "https://[2001:db8::1]/é").on(location_page),
    ],
)
def urls_are_absolute(exchange: Showing) -> Problems:
    """A URL is whole: http or https, and a host.

    Why: a reader has no address that it could be read against.
    Fix: write https:// and the host in front.
    """
    for spot in contents(exchange).texts["URL"]:
        if len(spot.value) <= 255 and not _is_absolute(spot.value):
            yield problem_at(spot.tokens, "an absolute http or https URL", spot.value)


def _is_absolute(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


@requirement(
    MUST,
    OCPI["types 16.3"],
    row="display-text-schema",
    refuses=True,
    when=shows("DisplayText"),
    broken_by=[
        with_field("/data/0/directions", [{"language": "nl", "text": "Bij <b>hek</b> 2"}]).on(page_with("DisplayText")),
        with_field("/data/0/evses/0/directions", [{"language": "nl", "text": "1<br/>2"}]).on(page_with("DisplayText")),
        with_field("/data/0/tariff_alt_text", [{"language": "en", "text": '<a href="x">prices</a>'}]).on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/directions", [{"language": "nl", "text": "Tarief <3 uur> & *meer* a<b"}]).on(
            page_with("DisplayText")
        ),
        with_field("/data/0/tariff_alt_text", [{"language": "en", "text": "< 5 min, > 2 kWh"}]).on(tariff_page),
    ],
)
def display_texts_have_no_markup(exchange: Showing) -> Problems:
    """A text for drivers is plain: no HTML in it.

    Why: an app shows the tags as they are, or, worse, runs them.
    Fix: strip tags before sending; write the text for the eye alone.
    """
    for tokens, text in contents(exchange).objects("DisplayText"):
        if isinstance(text.get("text"), str) and TAG.search(text["text"]):
            yield problem_at((*tokens, "text"), "a text without markup", text["text"])


@requirement(
    SHOULD,
    OCPI["types 16.3"],
    basis=Basis.ASSUMED,
    row="display-text-schema",
    when=shows("DisplayText"),
    broken_by=[
        with_field("/data/0/directions", [{"language": "NL", "text": "x"}]).on(page_with("DisplayText")),
        with_field("/data/0/tariff_alt_text", [{"language": "En", "text": "x"}]).on(tariff_page),
    ],
    kept_by=[with_field("/data/0/directions", [{"language": "fy", "text": "x"}]).on(page_with("DisplayText"))],
)
def languages_are_in_lower_case(exchange: Showing) -> Problems:
    """The language of a text is in small letters, as ISO 639-1 writes it.

    Why: many readers look it up as it stands.
    Fix: write nl and en.
    """
    for tokens, text in contents(exchange).objects("DisplayText"):
        language = text.get("language")
        if isinstance(language, str) and re.fullmatch("[A-Za-z]{2}", language) and not language.islower():
            yield problem_at((*tokens, "language"), "two small letters", language)


@requirement(
    MUST,
    OCPI["transport_and_format 4.1.9"],
    row="not-available-marker",
    refuses=True,
    when=shows_objects,
    broken_by=[
        with_field("/data/0/name", NO_DATA).on(location_page),
        with_field("/data/0/id", NO_DATA).on(location_page),
        with_field("/data/evses/0/evse_id", NO_DATA).on(one_location),
        with_field("/data/0/evses/0/uid", NO_DATA).on(location_page),
        with_field("/data/0/operator/website", NO_DATA).on(location_page),
        with_field(f"{CONNECTOR}/tariff_ids", [NO_DATA]).on(location_page),
        with_field("/data/0/tariff_alt_url", NO_DATA).on(tariff_page),
        with_field("/data/0/id", NO_DATA).on(tariff_page),
    ],
    kept_by=[
        with_field("/data/0/address", NO_DATA).on(location_page),
        with_field("/data/0/city", NO_DATA).on(location_page),
        with_field("/data/0/operator/name", NO_DATA).on(location_page),
        with_field("/data/0/name", "#NA op de deur").on(location_page),
        with_field("/data/0/tariff_alt_text", [{"language": "nl", "text": NO_DATA}]).on(tariff_page),
    ],
)
def sign_for_no_data_is_in_required_texts_only(exchange: Showing) -> Problems:
    """#NA stands only where a text is required and there is no data: in no optional member, and in no id.

    Why: an optional member is left out; an id that reads #NA is the same for all things that have none.
    Fix: leave the member out; give every object an id of its own.
    """
    for spot in contents(exchange).marked:
        if not spot.member.required or spot.member.kind == "id":
            yield problem_at(spot.tokens, "no member, or real data", spot.value)
