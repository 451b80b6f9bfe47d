"""What a snapshot keeps of each judge, and of those it is held against."""

from collections.abc import Iterator, Mapping

import numpy as np

from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.ratings.answer_styles import Compared
from apps.ratings.baselines import baseline_records
from apps.ratings.evidence import Evidence
from apps.ratings.judge_work import BoardWork, board_work
from apps.ratings.models import JudgeRecord, Leaderboard
from apps.ratings.standing import LEVEL
from apps.ratings.traits import Name, Trait, leanings, order_flipped, own_family, repeat_flipped, stored
from judgeboard.arena.agreement.accuracy import accuracy


def judge_records(
    leaderboard: Leaderboard, evidence: Evidence, judges: Mapping[int, Judge], answers: Compared, work: BoardWork
) -> Iterator[JudgeRecord]:
    """Ready to be stored."""
    length, right = answers.judged.length, answers.judged.right
    families = dict(Contender.objects.filter(pk__in=evidence.contender_ids).values_list("pk", "family"))
    for key, judge in judges.items():
        traits = _traits(judge, judges, evidence, length, families) | {Name.RIGHT: _accuracy(evidence, judge, right)}
        figures = work.of(key, leaderboard.category).figures
        yield JudgeRecord(leaderboard=leaderboard, judge=judge, traits=stored(traits), **figures)
    yield from baseline_records(leaderboard, evidence, answers)


def recount_work(leaderboard: Leaderboard) -> None:
    """What judges were asked since and gave no verdict on changes no rating, and is counted nevertheless."""
    work = board_work(leaderboard.board)
    records = list(leaderboard.judge_records.exclude(judge=None))
    for record in records:
        figures = work.of(record.judge_id or 0, leaderboard.category).figures
        for name, figure in figures.items():
            setattr(record, name, figure)
    JudgeRecord.objects.bulk_update(records, ["n_done", "n_unusable", "n_failed", "latency_ms", "tokens_out", "usd"])


def _accuracy(evidence: Evidence, judge: Judge, right: np.ndarray) -> Trait:
    own = evidence.judgments.rater == judge.pk
    return Trait.of_share(accuracy(evidence.judgments.where(own), right[own], level=LEVEL))


def _traits(
    judge: Judge, judges: Mapping[int, Judge], evidence: Evidence, length: np.ndarray, families: Mapping[int, str]
) -> dict[str, Trait]:
    own = evidence.judgments.rater == judge.pk
    said = evidence.judged.where(own)
    return {
        Name.ORDER_FLIPPED: order_flipped(judge, said),
        **leanings(said, length[own]),
        Name.OWN_FAMILY: own_family(judge, evidence, families),
        Name.REPEAT_FLIPPED: repeat_flipped(judge, judges.values(), evidence),
    }
