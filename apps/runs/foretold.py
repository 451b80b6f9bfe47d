"""What a run that chooses its matches will come to, about: nobody knows beforehand when it stops."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db import transaction
from django.db.models import Count

from apps.contenders.models import Output
from apps.judging.models import Judge, Score
from apps.runs.course import run_calls
from apps.runs.estimate import Estimate, answer_lots, board_design_effect, estimate, verdict_lots
from apps.runs.models import Run
from apps.runs.operations import submit_contender
from apps.runs.scene import Scene, scene_of
from judgeboard.arena.pairing.plan import AUDIT
from judgeboard.arena.rating.expected_interval import expected_half_width, expected_verdicts


@dataclass(frozen=True)
class Foretold:
    """`calls` to judges until it stops; `at_most`: by then it must stop, and nothing tells whether it will sooner."""

    calls: int
    at_most: bool
    estimate: Estimate


def foretold(run: Run) -> Foretold:
    """Of a run that was planned its first batch is counted in."""
    scene, effect = scene_of(run), board_design_effect(run.board)
    contenders = 1 if run.newcomer_id else len(scene.contenders) / 2  # as which a verdict counts for all asked about
    known = scene.verdicts_asked_about / contenders
    most = run_calls(run) + ceil(scene.matches_left * len(scene.judges) * (1 + AUDIT))
    most = min(most, most if run.max_calls is None else run.max_calls)
    calls = most
    if run.precision is not None:
        calls = min(most, ceil(max(expected_verdicts(run.precision, effect) - known, 0) * contenders))
    if run.stopped_because:
        calls = 0
    return Foretold(calls, calls == most > 0, _estimate(run, scene, calls, known + calls / contenders, effect))


@transaction.atomic
def submission_foretold(**wish: Any) -> Foretold:
    """What `submit_contender` would set in motion with that wish; nothing of it stays. Raises what that raises."""
    told = foretold(submit_contender(**wish))
    transaction.set_rollback(True)
    return told


def _estimate(run: Run, scene: Scene, calls: int, verdicts: float, effect: float) -> Estimate:
    """verdicts: behind one contender in the end."""
    matches = calls / len(scene.judges) / (1 + AUDIT)
    read = _answers(run, scene, matches)
    there = _there(scene)
    return estimate(
        answers=answer_lots(scene.askable, {key: max(read[key] - there.get(key, 0), 0) for key in read}),
        verdicts=verdict_lots(
            scene.judges, {judge.pk: _questions(judge, scene, matches, read) for judge in scene.judges}
        ),
        elo=expected_half_width(verdicts, effect),
    )


def _answers(run: Run, scene: Scene, matches: float) -> dict[int, int]:
    """By contender: on how many prompts it plays, who plays on those first that it has played on least."""
    others = len(scene.contenders) - 1
    plays = {one.pk: 2 * matches / (others + 1) for one in scene.contenders}
    if run.newcomer_id:
        plays = {key: matches if key == run.newcomer_id else matches / others for key in plays}
    return {key: min(ceil(each), len(scene.prompts)) for key, each in plays.items()}


def _questions(judge: Judge, scene: Scene, matches: float, read: dict[int, int]) -> int:
    if not judge.is_pointwise:
        return round(matches * (1 + AUDIT))
    scored = Score.objects.done().filter(judge=judge, output__prompt__in=scene.prompts, output__contender__in=read)
    return max(sum(read.values()) - scored.count(), 0)


def _there(scene: Scene) -> dict[int, int]:
    """By contender: the prompts it has answered."""
    done = Output.objects.done().filter(prompt__in=scene.prompts, contender__in=scene.contenders)
    return dict(done.values_list("contender").annotate(Count("pk")).order_by())
