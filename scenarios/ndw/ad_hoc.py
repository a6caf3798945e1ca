"""NDW, under AFIR: whoever charges without a contract finds a price."""

from datetime import datetime

from harness.model.crawl import PartyCrawls
from harness.model.edit import Rewrite, with_field
from harness.model.requirement import SHOULD, Basis, Problems, requirement
from harness.standards.ocpi_2_2_1.tariff_use import (
    NOT_IN_USE,
    PriceList,
    Use,
    distinct,
    is_active,
    names_tariffs,
    told,
    uses,
)
from harness.standards.ocpi_2_2_1.traces import TariffTrace
from scenarios.ndw import NDW
from scenarios.standards.ocpi_2_2_1.tariff_references import TARIFF_IDS, naming
from scenarios.standards.ocpi_2_2_1.twins import CRAWLED, locations_crawled, on_every_object, tariffs_crawled

FOR_ANYBODY = ("AD_HOC_PAYMENT", None)


def _with(member: str, value: str) -> Rewrite:
    where = f"response.body:{TARIFF_IDS}"
    return on_every_object(
        tariffs_crawled, f"{member} = {value} on every Tariff", where, lambda tariff: tariff.update({member: value})
    )


@requirement(
    SHOULD,
    NDW["AFIR fields"],
    basis=Basis.ASSUMED,
    row="ndw-ad-hoc-price-reachable",
    since="2026.12",
    asked_by=CRAWLED,
    when=names_tariffs,
    broken_by=[
        naming("AC-REGULAR"),
        naming("GREEN", "NIGHT-REGULAR"),
        naming("DC-ADHOC-NEXT", "DC-REGULAR"),
        _with("type", "PROFILE_FAST"),
        _with("end_date_time", "2026-06-01T08:00:00Z"),
        _with("start_date_time", "2026-06-02T00:00:00Z"),
    ],
    kept_by=[
        naming("ac-adhoc"),
        naming("DC-REGULAR", "DC-ADHOC-NEXT", "DC-ADHOC-NOW"),
        naming("FREE"),
        naming("SESSION-FEE", "GREEN"),
        with_field("/data/0/evses/0/status", "PLANNED").on(locations_crawled),
    ],
)
def ad_hoc_price_is_reachable(party: PartyCrawls) -> Problems:
    """Every Connector in use names a Tariff that is active now and has the type AD_HOC_PAYMENT, or none.

    Why: AFIR gives everybody the right to charge without a contract, and to know the price before.
    Fix: add the ad hoc Tariff to tariff_ids; one without type is for all drivers.
    """
    prices = PriceList(party.everyone)
    found: dict[tuple[str, ...], list[Use]] = {}
    for use in uses(party.mine):
        ids = tuple(distinct(use.connector.tariff_ids))
        named = [prices.named(one, party.party) for one in ids]
        if not ids or use.evse.status in NOT_IN_USE or any(tariff is None or not tariff.dated for tariff in named):
            continue  # no ids, and ids of nothing, are matters of their own
        if prices.read_at and not any(_serves_anybody(tariff, prices.read_at) for tariff in named if tariff):
            found.setdefault(ids, []).append(use)
    for _ids, use, more in told(found):
        said = f"{', '.join(use.connector.tariff_ids)}{more}"
        yield use.problem("an active Tariff with the type AD_HOC_PAYMENT or none", said, "tariff_ids")


def _serves_anybody(tariff: TariffTrace, at: datetime) -> bool:
    return tariff.type in FOR_ANYBODY and is_active(tariff, at)
