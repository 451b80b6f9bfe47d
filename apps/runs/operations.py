from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from apps.contenders.models import Contender, Output
from apps.contenders.operations import ensure_contender, want_outputs
from apps.endpoints.operations import register_endpoint, want_check
from apps.judging.models import Judge
from apps.judging.operations import release_judgments, want_judgments
from apps.leases.models import Leased
from apps.leases.operations import ask_again
from apps.matches.models import Match
from apps.matches.operations import Pairing, add_matches
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import freeze_prompt_set
from apps.ratings.models import Board
from apps.runs.eligibility import why_not
from apps.runs.models import Run
from apps.runs.queries import run_evidence, run_judgments, run_outputs, run_progress, run_scores
from judgeboard.arena.pairing.tournament import pairs_for_prompts


class RunCannotStart(ValueError):
    """Says in one sentence what is missing."""


class NameIsTaken(ValueError):
    """Names of contenders are unique: two models under one name could not be told apart on a board."""


@transaction.atomic
def create_run(
    *,
    board: Board,
    prompt_sets: Sequence[PromptSet],
    contenders: Sequence[Contender],
    judges: Sequence[Judge],
    newcomer: Contender | None = None,
    pairs_per_prompt: int | None = None,
    seed: int = 1,
    owner: User | None = None,
) -> Run:
    """Writes the wish down; `plan_run` turns it into wanted evidence. Raises RunCannotStart."""
    if len(contenders) < 2:
        raise RunCannotStart("A run needs at least two models: a ranking is made of comparisons.")
    if not judges:
        raise RunCannotStart("A run needs at least one judge.")
    mute = [judge.name for judge in judges if judge.endpoint_id is None]
    if mute:
        raise RunCannotStart(f"{mute[0]} is known from imported verdicts only; a judge needs an endpoint.")
    if refusal := why_not(judges, board):
        raise RunCannotStart(refusal)
    if not Prompt.objects.filter(prompt_set__in=prompt_sets).exists():
        raise RunCannotStart("A run needs a prompt set with at least one prompt.")
    run = Run.objects.create(board=board, newcomer=newcomer, pairs_per_prompt=pairs_per_prompt, seed=seed, owner=owner)
    run.prompt_sets.set(prompt_sets)
    run.contenders.set(contenders)
    run.judges.set(judges)
    board.prompt_sets.add(*prompt_sets)
    return run


@transaction.atomic
def plan_run(*, run: Run, now: datetime) -> None:
    """Writes the run's outputs, matches and judgments as wanted. Asking twice adds nothing."""
    contenders = list(run.contenders.select_related("endpoint").order_by("pk"))
    judges = list(run.judges.all())
    for prompt_set in run.prompt_sets.all():
        freeze_prompt_set(prompt_set=prompt_set, now=now)
        prompts = list(prompt_set.prompts.all())
        want_outputs(contenders=[one for one in contenders if _may_be_asked(run, one)], prompts=prompts)
        match_ids = add_matches(pairings=_pairings(run, contenders, prompts))
        for judge in judges:
            want_judgments(judge=judge, match_ids=_fair_matches(judge, contenders, match_ids))
    release_judgments()
    Run.objects.filter(pk=run.pk).update(planned_at=now)
    run.refresh_from_db()


def _pairings(run: Run, contenders: Sequence[Contender], prompts: Sequence[Prompt]) -> list[Pairing]:
    """Who meets whom on which prompt: drawn by the run's seed, so that planning again gives the same matches."""
    newcomer = [c.pk for c in contenders].index(run.newcomer_id) if run.newcomer_id else None
    drawn = pairs_for_prompts(len(contenders), len(prompts), run.pairs_per_prompt, newcomer=newcomer, seed=run.seed)
    outputs = Output.objects.filter(prompt__in=prompts, contender__in=contenders)
    output_id = {tuple(of): key for key, *of in outputs.values_list("pk", "prompt_id", "contender_id")}
    named = [(prompts[p], (prompts[p].pk, contenders[i].pk), (prompts[p].pk, contenders[j].pk)) for p, i, j in drawn]
    # Who may not be asked meets the others only where it has answered already.
    return [
        (prompt.pk, output_id[left], output_id[right], len(prompt.turns))
        for prompt, left, right in named
        if left in output_id and right in output_id
    ]


def _may_be_asked(run: Run, contender: Contender) -> bool:
    """Imported contenders have nobody to ask; and nobody's run spends on a stranger's key."""
    endpoint = contender.endpoint
    if endpoint is None:
        return False
    trusted = run.owner is None or run.owner.is_staff
    return trusted or endpoint.owner_id in (None, run.owner_id)


def _fair_matches(judge: Judge, contenders: Sequence[Contender], match_ids: Sequence[int]) -> Sequence[int]:
    """Without the matches in which the judge would judge its own family, unless it is told to."""
    barred_family = "" if judge.may_judge_kin else judge.family
    own = [contender.pk for contender in contenders if barred_family and contender.family == barred_family]
    if not own:
        return match_ids
    kin = Match.objects.filter(output_a__contender__in=own) | Match.objects.filter(output_b__contender__in=own)
    barred = set(kin.values_list("pk", flat=True))
    return [key for key in match_ids if key not in barred]


@transaction.atomic
def cancel_run(*, run: Run, now: datetime) -> None:
    """Stops asking for what nobody else wants. What was answered stays: it is evidence."""
    Run.objects.active().filter(pk=run.pk).update(cancelled_at=now)
    run_judgments(run).wanted().delete()
    run_judgments(run).waiting().delete()
    run_scores(run).filter(status__in=(Leased.Status.WAITING, Leased.Status.WANTED)).delete()
    run_outputs(run).wanted().filter(matches_as_a__judgments=None, matches_as_b__judgments=None).delete()
    for other in Run.objects.active().filter(planned_at__isnull=False):
        plan_run(run=other, now=now)
    run.refresh_from_db()


def retry_failed(*, run: Run, now: datetime) -> int:
    """Asks again for everything in the run that failed; the number of rows."""
    Run.objects.filter(pk=run.pk).update(finished_at=None)
    return sum(ask_again(rows, now=now) for rows in run_evidence(run))


def settle_run(*, run: Run, now: datetime) -> bool:
    """Marks the run finished once nothing in it can still be asked."""
    if not run_progress(run).is_over:
        return False
    return Run.objects.active().filter(pk=run.pk).update(finished_at=now) == 1


@transaction.atomic
def submit_contender(
    *,
    owner: User,
    name: str,
    base_url: str,
    model: str,
    key: str,
    board: Board,
    prompt_sets: Sequence[PromptSet],
    opponents: Sequence[Contender],
    judges: Sequence[Judge],
    pairs_per_prompt: int | None = None,
    **card: object,
) -> Run:
    """A stranger's endpoint becomes a contender whose run starts once the workers have checked the endpoint.

    Raises UnusableAddress, NameIsTaken, RunCannotStart; nothing is written then.
    """
    if Contender.objects.filter(name=name).exists():
        raise NameIsTaken(f"There is a model called {name!r} already; choose another name.")
    endpoint = register_endpoint(name=name, base_url=base_url, model=model, key=key, owner=owner)
    contender = ensure_contender(name=name, endpoint=endpoint, owner=owner, **card)
    want_check(endpoint=endpoint)
    return create_run(
        board=board,
        prompt_sets=prompt_sets,
        contenders=[contender, *opponents],
        judges=judges,
        newcomer=contender,
        pairs_per_prompt=pairs_per_prompt,
        owner=owner,
    )
