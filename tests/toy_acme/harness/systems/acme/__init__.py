"""Acme: an invented system that proves that four new paths are all it takes to add one."""

from harness.model.credential import Presentation
from harness.model.system import Access, DomainObjects, Interface, ObjectKey, Reference, System

SYSTEM = System(
    name="acme",
    title="Acme",
    port=0,
    interfaces=(
        Interface(
            id="acme-orders",
            title="Acme pulls orders from a supplier's server",
            subject="server",
            profile_date="2026.12",
            document="acme/openapi.yaml",
            entries=("/orders",),
            access=Access((Presentation(None, "raw", header="X-API-Key"),)),
            settings=(),
            objects=DomainObjects(keys={"Order": ObjectKey("order", "id")}),
            reference=Reference("harness.systems.acme.reference", "/api", "reference supplier"),
        ),
    ),
)
