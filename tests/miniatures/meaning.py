"""Members whose values mean something together, for the objects of the miniatures: right, and not the usual ones."""

from typing import Any

HOURS: dict[str, Any] = {
    "twentyfourseven": False,
    "regular_hours": [
        {"weekday": 7, "period_begin": "13:00", "period_end": "17:00"},
        {"weekday": 7, "period_begin": "09:00", "period_end": "13:00"},
        {"weekday": 5, "period_begin": "18:00", "period_end": "23:59"},
        {"weekday": 6, "period_begin": "00:00", "period_end": "00:01"},
    ],
    "exceptional_openings": [{"period_begin": "2026-12-26T10:00:00Z", "period_end": "2026-12-26T16:00:00Z"}],
    "exceptional_closings": [{"period_begin": "2026-12-24T23:00:00Z", "period_end": "2026-12-26T10:00:00Z"}],
}
MIX: dict[str, Any] = {
    "is_green_energy": True,
    "energy_sources": [
        {"source": "NUCLEAR", "percentage": 0},
        {"source": "WIND", "percentage": 33.3},
        {"source": "SOLAR", "percentage": 33.3},
        {"source": "WATER", "percentage": 33.3},
    ],
    "environ_impact": [{"category": "CARBON_DIOXIDE", "amount": 0.0}],
}
FREE: list[dict[str, Any]] = [{"price_components": [{"type": "FLAT", "price": 0.0, "step_size": 1}]}]
BY_RESERVATION: list[dict[str, Any]] = [
    {"price_components": [{"type": "TIME", "price": 60, "vat": 0.0, "step_size": 1}]},
    {
        "price_components": [{"type": "TIME", "price": 4, "vat": 1, "step_size": 1}],
        "restrictions": {"reservation": "RESERVATION"},
    },
    {
        "price_components": [{"type": "ENERGY", "price": 1e-7, "step_size": 1}],
        "restrictions": {"min_kwh": 0, "max_kwh": 0.5, "start_time": "23:00", "end_time": "07:00"},
    },
    {"price_components": [{"type": "ENERGY", "price": 2.5, "vat": 21.0, "step_size": 1}]},
]
