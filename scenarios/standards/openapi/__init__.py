"""The OpenAPI document of an interface as a judge."""

from harness.model.requirement import Basis, Publication

DOCUMENT = Publication("the interface's OpenAPI document, this project's reading", Basis.ASSUMED)
