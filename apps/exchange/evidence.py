"""What was said -> matches, judgments and votes, told from the sides of the match whatever way the row names them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.contenders.models import Output
from apps.exchange.answers import NOT_IMPORTED, output_ids
from apps.exchange.known import contender_ids
from apps.exchange.report import FileReport
from apps.exchange.said import BOTH, FIRST, Said, Verdict
from apps.humans.models import Vote
from apps.humans.operations import NewVote, ensure_voter, record_votes
from apps.judging.models import IMPORTED, Judge, Judgment
from apps.judging.operations import ensure_judge, judge_slug
from apps.leases.models import Leased
from apps.matches.models import Match
from apps.matches.operations import add_matches

NO_VERDICT = "The imported file says that this reply held no verdict."
JUDGE_NAMES = {"gpt4_pair": "GPT-4 (MT-Bench verdicts)"}  # as the file calls it, as the board shall

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Placed:
    """A row whose match is known. `swapped`: side a of the match is the second model of the row."""

    line: int
    said: Said
    match_id: int
    swapped: bool

    def outcome(self, verdict: Verdict) -> str | None:
        if verdict.outcome is None:
            return None
        return (verdict.outcome.flipped() if self.swapped else verdict.outcome).value

    def order(self, verdict: Verdict) -> str:
        if verdict.shown == BOTH:
            return Judgment.Order.MERGED
        a_first = (verdict.shown == FIRST) != self.swapped
        return Judgment.Order.A_FIRST if a_first else Judgment.Order.B_FIRST


def store_said(read: list[tuple[int, Said]], report: FileReport, now: datetime) -> set[int]:
    """Writes what is new; the keys of the judges that speak in these rows. What was said before is never changed."""
    placed = _placed(read, report)
    judged = [row for row in placed if row.said.rater.is_judge]
    judges = {row.said.rater.name: imported_judge(row.said.rater.name).pk for row in _one_each(judged)}
    _store_judgments(judged, judges, report, now)
    _store_votes([row for row in placed if not row.said.rater.is_judge], report, now)
    return set(judges.values())


def imported_judge(name: str) -> Judge:
    """The judge of a file. One that this site asks itself is never mixed with it, even under the same name."""
    slug = judge_slug(name)
    if Judge.objects.filter(slug=slug, endpoint__isnull=False).exists():
        slug += "-imported"
    shown = JUDGE_NAMES.get(name, name)
    return ensure_judge(slug=slug, name=shown, protocol=IMPORTED, temperature=None)


def _one_each(rows: Iterable[Placed]) -> Iterable[Placed]:
    return {row.said.rater.name: row for row in rows}.values()


def _placed(read: list[tuple[int, Said]], report: FileReport) -> list[Placed]:
    contenders = contender_ids(name for _, said in read for name in said.models)
    outputs = output_ids((contenders[name], said.prompt.pk) for _, said in read for name in said.models)
    pairs = [_outputs_of(said, contenders, outputs) for _, said in read]
    add_matches(pairings=[(said.prompt.pk, *pair, said.turn) for (_, said), pair in zip(read, pairs, strict=True)])
    matches = _match_ids({said.prompt.pk for _, said in read})
    _note_missing_texts(pairs, report)
    return [
        Placed(line, said, matches[min(pair), max(pair), said.turn], swapped=pair[0] > pair[1])
        for (line, said), pair in zip(read, pairs, strict=True)
    ]


def _outputs_of(said: Said, contenders: Mapping[str, int], outputs: Mapping[tuple[int, int], int]) -> tuple[int, int]:
    """In the order in which the row names the models."""
    left, right = (outputs[contenders[name], said.prompt.pk] for name in said.models)
    return left, right


def _match_ids(prompts: set[int]) -> dict[tuple[int, int, int], int]:
    rows = Match.objects.filter(prompt__in=prompts).values_list("output_a", "output_b", "turn", "pk")
    return {(a, b, turn): key for a, b, turn, key in rows}


def _note_missing_texts(pairs: list[tuple[int, int]], report: FileReport) -> None:
    outputs = {key for pair in pairs for key in pair}
    missing = set(Output.objects.filter(pk__in=outputs, problem=NOT_IMPORTED).values_list("pk", flat=True))
    report.note("speaks of an answer whose text was not imported.", sum(not missing.isdisjoint(pair) for pair in pairs))


def _store_judgments(rows: list[Placed], judges: Mapping[str, int], report: FileReport, now: datetime) -> None:
    matches = {row.match_id for row in rows}
    found = Judgment.objects.filter(judge__in=judges.values(), match__in=matches)
    known = {
        (judge, match, order): (outcome, flipped)
        for judge, match, order, outcome, flipped in found.values_list("judge", "match", "order", "outcome", "flipped")
    }

    def wanted(row: Placed) -> dict[Key, tuple[str | None, bool]]:
        judge = judges[row.said.rater.name]
        return {
            (judge, row.match_id, row.order(verdict)): (row.outcome(verdict), verdict.flipped)
            for verdict in row.said.verdicts
        }

    new = _news(rows, known, wanted, report)
    verdicts = (
        _judgment(row, verdict, judges[row.said.rater.name], now) for row in new for verdict in row.said.verdicts
    )
    Judgment.objects.bulk_create(verdicts, batch_size=500, ignore_conflicts=True)
    lost = sum(any(verdict.outcome is None for verdict in row.said.verdicts) for row in new)
    report.note("holds a reply without a verdict; it is kept, shown, and changes no rating.", lost)


def _judgment(row: Placed, verdict: Verdict, judge_id: int, now: datetime) -> Judgment:
    unusable = verdict.outcome is None
    return Judgment(
        judge_id=judge_id,
        match_id=row.match_id,
        order=row.order(verdict),
        outcome=row.outcome(verdict),
        flipped=verdict.flipped,
        raw=verdict.raw,
        reason=verdict.reason,
        status=Leased.Status.UNUSABLE if unusable else Leased.Status.DONE,
        problem=NO_VERDICT if unusable else "",
        answered_at=now,
    )


def _store_votes(rows: list[Placed], report: FileReport, now: datetime) -> None:
    voters = {row.said.rater.name: _voter_id(row) for row in _one_each(rows)}
    found = Vote.objects.filter(voter__in=voters.values(), match__in={row.match_id for row in rows})
    known = {(voter, match): outcome for voter, match, outcome in found.values_list("voter", "match", "outcome")}

    def wanted(row: Placed) -> dict[Key, str | None]:
        return {(voters[row.said.rater.name], row.match_id): row.outcome(row.said.verdicts[0])}

    new = _news(rows, known, wanted, report)
    said = (key_and_outcome for row in new for key_and_outcome in wanted(row).items())
    record_votes(votes=[NewVote(voter, match, outcome or "", cast_at=now) for (voter, match), outcome in said])


def _voter_id(row: Placed) -> int:
    return ensure_voter(name=row.said.rater.name, group=row.said.rater.group).pk


def _news(
    rows: list[Placed],
    known: dict[Key, Any],
    wanted: Callable[[Placed], Mapping[Key, Any]],
    report: FileReport,
) -> list[Placed]:
    """The rows that say something new. The others are counted: said before, or at odds with what was said before."""
    new = []
    for row in rows:
        told = wanted(row)
        if any(known.get(key, value) != value for key, value in told.items()):
            report.reject(row.line, _at_odds(row))
        elif all(key in known for key in told):
            report.duplicate += 1
        else:
            new.append(row)
            known.update(told)
    report.new += len(new)
    return new


def _at_odds(row: Placed) -> str:
    left, right = row.said.models
    where = f"{left} and {right} on question {row.said.key}, turn {row.said.turn}"
    return f"{row.said.rater.name} has said something else about {where} already; what was said first stays."
