"""A run that chooses its matches: it looks at what was said, and stops, or draws the next matches.

Nothing is drawn while something can still be answered, so each batch follows all that came of the one before. A draw is
one transaction under the run's lock: two conductors draw once, and a killed one has drawn nothing.
"""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from django.db import transaction
from django.db.models import QuerySet

from apps.contenders.models import Output
from apps.contenders.operations import want_each_output
from apps.judging.models import Judgment
from apps.judging.operations import BOTH_ORDERS, release_judgments, want_judgments
from apps.leases.operations import lock
from apps.matches.models import Match
from apps.matches.operations import add_matches
from apps.prompts.operations import freeze_prompt_set
from apps.runs.asking import fair_matches, take_over
from apps.runs.course import batches_drawn, run_calls
from apps.runs.models import Draw, Run
from apps.runs.queries import run_progress
from apps.runs.scene import Scene, others_are_asked, scene_of
from judgeboard.arena.pairing.looks import Drawn, Look, batch, drawn, seen

SHOWN: dict[Draw.Order, tuple[Judgment.Order, ...]] = {
    Draw.Order.A_FIRST: (Judgment.Order.A_FIRST,),
    Draw.Order.B_FIRST: (Judgment.Order.B_FIRST,),
    Draw.Order.BOTH: BOTH_ORDERS,
}


@transaction.atomic
def begin_drawing(*, run: Run, now: datetime) -> None:
    """Draws the run's first batch; of a run that has begun already, wants again whatever it has drawn."""
    for prompt_set in run.prompt_sets.all():
        freeze_prompt_set(prompt_set=prompt_set, now=now)
    _want_drawn(run, run.draws.all())
    Run.objects.filter(pk=run.pk).update(planned_at=now)
    draw_matches(run=run)
    run.refresh_from_db()


@transaction.atomic
def draw_matches(*, run: Run) -> int:
    """The number of matches drawn; 0 while the run waits for answers, and when it stops. Harmless when repeated."""
    held = lock(Run.objects.choosing().filter(pk=run.pk)).first()
    if held is None or run_progress(held).is_open or others_are_asked(held):
        return 0
    scene = scene_of(held)
    number = batches_drawn(held) + 1
    left = None if held.max_calls is None else max(held.max_calls - run_calls(held), 0)
    look = seen(scene.verdicts, scene.aim, scene.meetings, raters=len(scene.judges), left=left, looks=number)
    calls = batch(look, len(scene.verdicts), raters=len(scene.judges), newcomer=held.newcomer_id is not None)
    if left is not None:
        calls = min(calls, left // scene.calls_of_one)
    _write_down(held, look, _why_stop(held, look, calls))
    if held.stopped_because:
        return 0
    seed = batch_seed(held.seed, number)
    return _want(held, scene, drawn(look, scene.aim, scene.meetings, calls, seed=seed), number, seed)


def batch_seed(seed: int, number: int) -> int:
    """Of all that is left to chance in one batch: the same whoever draws it."""
    return int(np.random.SeedSequence([seed, number]).generate_state(1)[0] >> 1)


def _why_stop(run: Run, look: Look, calls: int) -> str:
    if look.reason:
        return Run.Stop(look.reason)
    if calls < 1:
        return Run.Stop.CALLS
    if run.budget and run.budget.exhausted:
        return Run.Stop.MONEY
    return ""


def _write_down(run: Run, look: Look, reason: str) -> None:
    run.half_width, run.unresolved, run.calls_needed = look.half_width, look.unresolved, look.needed
    run.stopped_because = reason
    run.save(update_fields=["half_width", "unresolved", "calls_needed", "stopped_because"])


def _want(run: Run, scene: Scene, chosen: Drawn, number: int, seed: int) -> int:
    """Writes the draws, and everything they ask for, as wanted."""
    names = [
        (scene.prompts[g], scene.contenders[i].pk, scene.contenders[j].pk)
        for g, (i, j) in zip(chosen.prompt.tolist(), chosen.pairs.tolist(), strict=True)
    ]
    sides = {(one, prompt.pk) for prompt, i, j in names for one in (i, j)}
    want_each_output(wanted=sorted(sides), payer=run.budget)
    match_of = _matches(names)
    draws = []
    for (prompt, i, j), first, share in zip(names, chosen.first.tolist(), chosen.share.tolist(), strict=True):
        match, side_a = match_of[prompt.pk, frozenset((i, j))]
        draws.append(
            Draw(run=run, number=number, match_id=match, order=_order(first, i == side_a), share=share,
                 rule=scene.aim.rule, seed=seed)
        )  # fmt: skip
    Draw.objects.bulk_create(draws, ignore_conflicts=True)
    _want_drawn(run, run.draws.filter(number=number))
    return len(draws)


def _want_drawn(run: Run, draws: QuerySet[Draw]) -> None:
    """What was drawn is wanted at the run's expense; what is known, or wanted already, stays as it is."""
    contenders, judges = list(run.contenders.all()), list(run.judges.all())
    for order, orders in SHOWN.items():
        match_ids = list(draws.filter(order=order).values_list("match", flat=True))
        for judge in judges:
            keys = fair_matches(judge, contenders, match_ids)
            want_judgments(judge=judge, match_ids=keys, payer=run.budget, orders=orders)
    take_over(run)
    sides = draws.values_list("match__output_a", "match__output_b")
    release_judgments(output_ids={key for both in sides for key in both})


def _matches(names: Sequence[tuple]) -> dict[tuple[int, frozenset[int]], tuple[int, int]]:
    """(key, contender on side a) of the match, by prompt and pair; created where it is new."""
    prompts = {prompt.pk for prompt, _, _ in names}
    outputs = Output.objects.filter(prompt__in=prompts).values_list("pk", "prompt_id", "contender_id")
    output_of = {(prompt, contender): key for key, prompt, contender in outputs}
    keys = add_matches(pairings=[(p.pk, output_of[p.pk, i], output_of[p.pk, j], len(p.turns)) for p, i, j in names])
    columns = ("pk", "prompt_id", "output_a__contender_id", "output_b__contender_id")
    found = Match.objects.filter(pk__in=keys).values_list(*columns)
    return {(prompt, frozenset((a, b))): (key, a) for key, prompt, a, b in found}


def _order(first: int, i_is_a: bool) -> Draw.Order:
    """first: 0 where i is shown first, 1 where j is, -1 for both orders."""
    if first not in (0, 1):
        return Draw.Order.BOTH
    return Draw.Order.A_FIRST if (first == 0) == i_is_a else Draw.Order.B_FIRST
