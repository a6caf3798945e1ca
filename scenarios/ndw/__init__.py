"""What NDW asks of a charge point operator."""

from harness.model.requirement import Basis, Publication

NDW = Publication("NDW, Connection / Data Submission", Basis.PUBLISHED)

ADOPTS = {
    "ndw-pull": (
        "ndw.pull",
        "ndw.pull_authentication",
        "ndw.other_versions",
        "standards.ocpi_2_2_1.conversation",
        "standards.ocpi_2_2_1.tls",
        "standards.ocpi_2_2_1.body_format",
        "standards.ocpi_2_2_1.envelope",
        "standards.ocpi_2_2_1.message_ids",
        "standards.ocpi_2_2_1.errors",
        "standards.ocpi_2_2_1.parameters",
        "standards.ocpi_2_2_1.authentication",
        "standards.openapi",
    ),
}
"""The chapters that judge each interface, in the order of the report."""
