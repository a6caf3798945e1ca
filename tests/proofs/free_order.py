"""Lists whose order means nothing, by the name of the schema that they are a member of."""

FREE_ORDER = {
    "Location": ("evses", "facilities", "images", "related_locations", "directions"),
    "EVSE": ("connectors", "capabilities", "parking_restrictions", "images", "directions"),
    "Connector": ("tariff_ids",),
    "EnergyMix": ("energy_sources", "environ_impact"),
    "Hours": ("regular_hours", "exceptional_openings", "exceptional_closings"),
    "TariffElement": ("price_components",),
    "TariffRestrictions": ("day_of_week",),
    "Tariff": ("tariff_alt_text",),
}
"""OCPI 2.2.1 knows one list whose order counts: the elements of a Tariff, of which the first that fits holds."""
