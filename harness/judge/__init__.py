"""Requirements and evidence in, verdicts out; pure."""
