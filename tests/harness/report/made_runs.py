"""Records of runs that nobody held: as large, as many-sided or as hostile as a test wants them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from harness.cli.plan import Plan
from harness.cli.record_lines import clause_lines, head, verdict_line
from harness.judge.score import scored
from harness.model.address import Addresses
from harness.model.body import Body
from harness.model.credential import Credential
from harness.model.exchange import Headers, HttpExchange, HttpRequest, HttpResponse
from harness.model.requirement import Requirement
from harness.model.verdict import Outcome, Problem, Verdict
from harness.model.world import VirtualClock
from harness.report.record import Recorder
from tests.proofs.conversation import bench

START = datetime(2026, 6, 1, 8, 0, 5, tzinfo=UTC)
BASE = "https://platform.example/ocpi/2.2.1"
PAGE = 50
CRAWL = "ocpi-2.2.1/crawl-locations"
_TOKEN = Credential(1, "Token", "base64", 24, None, "header:authorization")


@cache
def _on_locations() -> list[Requirement]:
    return [one for one in bench("ndw-pull").suite.requirements if one.evidence == "located:Location"]


@dataclass(frozen=True)
class MadeRun:
    """A red run over the locations of so many parties: `failing` clauses, for each party, each on `each` locations.
    `name` stands in place of every location's id, and in the names of parties, where it is given. With an `obstacle`
    the subject could not be tested; with none that fail, all is well. `others` clauses are judged besides those on
    Locations."""

    parties: int = 3
    locations: int = 300
    failing: int = 4
    each: int = 2
    name: str = ""
    obstacle: str = ""
    others: int = 1_000

    def write(self, folder: Path) -> None:
        """Write the record into a folder."""
        at = bench("ndw-pull")
        plan = Plan("ndw-pull", "server", Addresses(BASE), "made-Token-0001", at.profile, name="made platform")
        with Recorder(folder, VirtualClock(START)) as recorder:
            recorder.begin(head(plan, at.suite, 1, "7c1e", None))
            recorder.note("clauses", clauses=clause_lines(at.suite.requirements, plan))
            others = [one for one in at.suite.requirements if one not in _on_locations()]
            judged = [*others[: self.others], *_on_locations()]
            verdicts = [verdict for one in judged for verdict in self._verdicts(one)]
            if self.obstacle:
                recorder.note("preflight", check="connection", outcome="failed", detail=self.obstacle, next="mend it")
            else:
                self._talk(recorder)
            for verdict in verdicts:
                for problem in verdict.problems:
                    recorder.problem(verdict.requirement, verdict.party, problem)
            if not self.obstacle:
                recorder.note("places", schema="Location", key="location", places=self._places())
            for score in scored(verdicts, at.suite.requirements, at.profile):
                recorder.note("verdict", **verdict_line(score, at.profile))
            code = 3 if self.obstacle else int(self.failing > 0)
            recorder.note("end", exit=code, reason=self.obstacle or None)

    def _talk(self, recorder: Recorder) -> None:
        recorder.note("preflight", check="connection", outcome="passed", detail=f"{BASE} answers", next="")
        recorder.note("situation", name=CRAWL, title="The puller walks all pages of the location list.")
        for number in range(-(-self.locations // PAGE)):
            recorder.exchange(self._page(number))

    def _party(self, number: int) -> str:
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        return f"NL/{self.name}" + "".join(letters[number // 26**place % 26] for place in (2, 1, 0))

    def _id(self, number: int) -> str:
        return self.name or f"LOC-{number:05}"

    def _places(self) -> list[list[object]]:
        random = Random(7)
        towns = [(random.uniform(50.8, 53.4), random.uniform(3.6, 7.1)) for _ in range(400)]
        places: list[list[object]] = []
        for number in range(self.locations):
            latitude, longitude = random.choice(towns)
            near = round(random.gauss(latitude, 0.03), 5), round(random.gauss(longitude, 0.04), 5)
            places.append([self._party(number % self.parties), self._id(number), *near])
        return places

    def _page(self, number: int) -> HttpExchange:
        url = f"{BASE}/locations{self.name}?offset={number * PAGE}&limit={PAGE}"
        request = HttpRequest("GET", url, Headers.of([("Accept", "application/json")]), Body(b""), _TOKEN)
        response = HttpResponse(200, Headers.of([("Content-Type", "application/json")]), Body(b"{}"))
        tags = frozenset({"authorised", "crawl Location all"})
        return HttpExchange(f"e{number + 1}", CRAWL, "getLocations", request, response, START, START, tags)

    def _verdicts(self, requirement: Requirement) -> list[Verdict]:
        if self.obstacle:
            return [Verdict(requirement.id, None, Outcome.UNTESTED, self.obstacle, 0, 0, ())]
        if requirement not in _on_locations():
            return [Verdict(requirement.id, None, Outcome.PASSED, None, 12, 0, ())]
        place = _on_locations().index(requirement)
        verdicts = []
        for party in range(self.parties):
            problems = self._problems(place, party) if place < self.failing else ()
            outcome = Outcome.FAILED if problems else Outcome.PASSED
            seen = self.locations // self.parties
            verdicts.append(
                Verdict(requirement.id, self._party(party), outcome, None, seen, len(problems), tuple(problems))
            )
        return verdicts

    def _problems(self, place: int, party: int) -> list[Problem]:
        found = []
        for turn in range(self.each):
            number = (party + self.parties * (turn * 7 + place)) % self.locations
            inside = f"/member_{place}"
            found.append(
                Problem(
                    f"response.body:/data/{number % PAGE}{inside}",
                    "something that is as the document has it",
                    f'"{self.name}"' if self.name else f'"odd value {number} of {place}"',
                    f"e{number // PAGE + 1}",
                    CRAWL,
                    {"party": self._party(party), "location": self._id(number)},
                    inside,
                )
            )
        return found
