"""Each judge's own record beside its agreement with people."""

from dataclasses import dataclass

from apps.judging.models import Judge
from apps.judging.queries import JudgeRecord, judge_records
from apps.ratings.models import Agreement, Leaderboard
from apps.ratings.queries import agreement_by_judge


@dataclass(frozen=True)
class Scorecard:
    record: JudgeRecord
    trust: Agreement | None  # None: no person voted on a match it judged


def judge_scorecards(leaderboard: Leaderboard | None, judge: Judge | None = None) -> list[Scorecard]:
    """One for each judge version, or for one alone.

    Agreement as of the snapshot, each vote counted, all voters and turns, ties kept.
    """
    trust = agreement_by_judge(leaderboard) if leaderboard else {}
    return [
        Scorecard(record, trust.get(record.judge.pk)) for record in judge_records() if judge in (None, record.judge)
    ]
