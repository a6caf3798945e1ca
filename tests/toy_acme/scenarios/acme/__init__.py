"""What Acme asks of a supplier."""

from harness.model.requirement import Basis, Publication

ACME = Publication("Acme, Orders", Basis.PUBLISHED)

ADOPTS = {"acme-orders": ("acme.orders",)}
"""The chapters that judge each interface, in the order of the report."""
