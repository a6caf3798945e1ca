"""The open assumptions as a mail to the party."""

from collections.abc import Mapping
from typing import Any

from harness.model.settings import Setting


def that_matter(report: Mapping[str, Any]) -> set[str]:
    """The assumed settings on which a failed clause of this run hangs, and that nobody has confirmed."""
    confirmed = report["profile"]["confirmed"]
    failed = [verdict for verdict in report["verdicts"] if verdict["outcome"] == "failed"]
    return {name for verdict in failed for name in verdict["rests_on"] if name not in confirmed}


def mail(party: str, profile: str, questions: Mapping[Setting, list[str]]) -> str:
    """Plain text: each question, what is assumed meanwhile, the other possibilities, and what hangs on it."""
    if not questions:
        return f"No open question to {party} matters here ({profile})."
    lines = [
        f"Subject: Questions about connecting to {party}",
        "",
        f"We are preparing our connection to {party}. Your documentation leaves these points open; could you tell us:",
    ]
    for number, (setting, requirements) in enumerate(questions.items(), 1):
        lines += ["", f"{number}. {setting.question}", f"   We assume meanwhile: {setting.default}."]
        if setting.alternatives:
            lines.append(f"   Also possible: {', '.join(str(one) for one in setting.alternatives)}.")
        if setting.or_number:
            lines.append("   Also possible: a number.")
        lines.append(f"   It decides: {', '.join(requirements) or 'what we must expect of your requests'}.")
    return "\n".join([*lines, "", f"(energy-harness, profile {profile})"])
