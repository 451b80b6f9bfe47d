"""Each judge's leanings and work beside its agreement with people, as a snapshot has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, OuterRef

from apps.judging.models import Judge
from apps.prompts.privacy import STRANGER, Viewer
from apps.ratings.models import Agreement, Board, JudgeRecord, Leaderboard, RankAgreement
from apps.ratings.queries import JUDGES, agreement_by_judge, headline_agreement
from apps.ratings.selection import Selection
from apps.ratings.traits import Name, Trait

THOUSAND = 1000


class Figures:
    """The traits that a record holds, by name."""

    record: JudgeRecord | None

    @cached_property
    def traits(self) -> dict[str, Trait]:
        told = self.record.traits if self.record else {}
        return {name.value: Trait(**told[name]) if name in told else Trait() for name in Name}


@dataclass(frozen=True)
class Scorecard(Figures):
    """`record` None: nothing it said counts here. `trust` None: no person voted on a match it judged."""

    judge: Judge
    record: JudgeRecord | None
    trust: Agreement | None
    ceiling: Agreement | None  # the people against each other
    ranks: RankAgreement | None  # its ranking against the people's

    @property
    def reaches_people(self) -> bool | None:
        """Whether it agrees with people as far as people agree with each other, the interval of these allowed for."""
        if not self.trust or not self.ceiling or self.trust.agreement is None or self.ceiling.lower is None:
            return None
        return self.trust.agreement >= self.ceiling.lower

    @property
    def unusable_share(self) -> float | None:
        answered = self.record.n_done + self.record.n_unusable if self.record else 0
        return self.record.n_unusable / answered if self.record and answered else None

    @property
    def usd_per_thousand(self) -> Decimal | None:
        """Dollars for a thousand legal verdicts, to a hundredth of a cent."""
        known = self.record.usd if self.record else None
        return None if known is None else Decimal(known * THOUSAND).quantize(Decimal("0.0001"))

    @property
    def time_per_thousand(self) -> timedelta | None:
        """Of a thousand calls one after the other."""
        known = self.record.latency_ms if self.record else None
        return None if known is None else timedelta(milliseconds=known * THOUSAND)


@dataclass(frozen=True)
class Reference(Figures):
    """One person, or a rater that does not read."""

    record: JudgeRecord

    @property
    def mark(self) -> str:
        """Whose mark it is drawn with."""
        return "humans" if self.record.baseline == JudgeRecord.Baseline.PERSON else "judges"


@dataclass(frozen=True)
class Scorecards:
    leaderboard: Leaderboard | None
    judges: tuple[Scorecard, ...]
    references: tuple[Reference, ...]
    ceiling: Agreement | None

    @property
    def person(self) -> Reference | None:
        """What people lean to."""
        return next((known for known in self.references if known.mark == "humans"), None)

    @property
    def measured(self) -> list[Scorecard]:
        """Those of which it is known whether they agree with people as far as people do."""
        return [card for card in self.judges if card.reaches_people is not None]

    @property
    def reaching(self) -> list[Scorecard]:
        return [card for card in self.measured if card.reaches_people]

    @property
    def simulated(self) -> bool:
        return any(card.judge.simulated for card in self.judges)


def judge_scorecards(selection: Selection | None, judge: Judge | None = None) -> Scorecards:
    """One for each judge version, or for one alone; agreement counts each vote, all voters and turns, ties kept."""
    leaderboard = selection.leaderboard if selection else None
    _, ceiling = headline_agreement(leaderboard) if leaderboard else (None, None)
    ceiling = ceiling if ceiling and ceiling.n else None
    known = Judge.objects.select_related("endpoint").filter(**{"pk": judge.pk} if judge else {})
    records = list(leaderboard.judge_records.order_by("pk")) if leaderboard else []
    return Scorecards(
        leaderboard,
        tuple(_cards(known, leaderboard, records, ceiling)),
        tuple(Reference(record) for record in records if record.judge_id is None),
        ceiling,
    )


def _cards(
    judges: Iterable[Judge], leaderboard: Leaderboard | None, records: list[JudgeRecord], ceiling: Agreement | None
) -> Iterable[Scorecard]:
    own = {record.judge_id: record for record in records if record.judge_id}
    trust = agreement_by_judge(leaderboard) if leaderboard else {}
    ranks = {row.left: row for row in leaderboard.rank_agreements.all()} if leaderboard else {}
    for judge in judges:
        ranking = JUDGES if own.keys() == {judge.pk} else str(judge)  # where it judges alone, theirs is its own
        yield Scorecard(judge, own.get(judge.pk), trust.get(judge.pk), ceiling, ranks.get(ranking))


def boards_judged_by(judge: Judge, viewer: Viewer = STRANGER) -> list[Board]:
    """The boards on which something it said counts, in their order."""
    counted = JudgeRecord.objects.filter(leaderboard__board=OuterRef("pk"), judge=judge)
    return list(Board.objects.seen_by(viewer).filter(Exists(counted)))
