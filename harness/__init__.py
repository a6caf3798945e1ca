"""Mock and conformance test harness for Dutch and Belgian energy APIs."""

__version__ = "0.1.0"
