from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from apps.budgets.models import Budget
from apps.budgets.operations import change_cap
from apps.budgets.price import Price
from apps.contenders.models import Contender, Output
from apps.contenders.operations import ensure_contender, want_outputs
from apps.endpoints.operations import register_endpoint, told_price, want_check
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
from apps.runs.queries import RunStatus, run_evidence, run_judgments, run_outputs, run_progress, run_scores
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
    budget_usd: Decimal | None = None,
) -> Run:
    """Writes the wish down; `plan_run` turns it into wanted evidence. Raises RunCannotStart.

    `budget_usd`: dollars that the run may spend, all told; None: no cap, what it spends is only counted.
    """
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
    if budget_usd is not None:
        _check_budget(budget_usd, _askable(owner, contenders), judges)
    run = Run.objects.create(
        board=board,
        newcomer=newcomer,
        pairs_per_prompt=pairs_per_prompt,
        seed=seed,
        owner=owner,
        budget=Budget.objects.create(cap=budget_usd),
    )
    run.prompt_sets.set(prompt_sets)
    run.contenders.set(contenders)
    run.judges.set(judges)
    board.prompt_sets.add(*prompt_sets)
    return run


def _check_budget(usd: Decimal, contenders: Sequence[Contender], judges: Sequence[Judge]) -> None:
    """A cap holds only where every call has a price."""
    if usd <= 0:
        raise RunCannotStart(f"A budget of ${usd} pays for nothing; expected more than $0.")
    asked: list[Contender | Judge] = [*contenders, *judges]
    for one in asked:
        if one.endpoint is not None and one.endpoint.price is None:
            raise RunCannotStart(
                f"No price is known for {one.name}, so the budget could not be kept; "
                "a run with a budget needs the price of a million tokens in and out of every model and judge."
            )


@transaction.atomic
def plan_run(*, run: Run, now: datetime) -> None:
    """Writes the run's outputs, matches and judgments as wanted, at its expense. Asking twice adds nothing.

    What an earlier run wanted first is paid for by that one, for as long as it can pay.
    """
    contenders = list(run.contenders.select_related("endpoint").order_by("pk"))
    judges = list(run.judges.all())
    for prompt_set in run.prompt_sets.all():
        freeze_prompt_set(prompt_set=prompt_set, now=now)
        prompts = list(prompt_set.prompts.all())
        want_outputs(contenders=_askable(run.owner, contenders), prompts=prompts, payer=run.budget)
        match_ids = add_matches(pairings=_pairings(run, contenders, prompts))
        for judge in judges:
            want_judgments(judge=judge, match_ids=_fair_matches(judge, contenders, match_ids), payer=run.budget)
    _take_over(run)
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


def _askable(owner: User | None, contenders: Iterable[Contender]) -> list[Contender]:
    """Imported contenders have nobody to ask; and nobody's run spends on a stranger's key."""
    asked = [one for one in contenders if one.endpoint is not None]
    if owner is None or owner.is_staff:
        return asked
    return [one for one in asked if one.endpoint and one.endpoint.owner_id in (None, owner.pk)]


def _take_over(run: Run) -> int:
    """What the run waits for and nobody pays for any more, it pays for itself, if it can; the number of rows."""
    if run.budget is None or Budget.objects.filter(pk=run.budget.pk, exhausted=True).exists():
        return 0
    asked = _askable(run.owner, run.contenders.select_related("endpoint"))
    stranded = (run_outputs(run).filter(contender__in=asked), run_judgments(run), run_scores(run))
    return sum(rows.stranded().update(payer=run.budget) for rows in stranded)


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
    """Stops asking for what nobody else wants, and paying for the rest. What was answered stays: it is evidence."""
    Run.objects.active().filter(pk=run.pk).update(cancelled_at=now)
    if run.budget is not None:
        for rows in run_evidence(run):
            rows.unasked().filter(payer=run.budget).update(payer=None)
    run_judgments(run).wanted().delete()
    run_judgments(run).waiting().delete()
    run_scores(run).filter(status__in=(Leased.Status.WAITING, Leased.Status.WANTED)).delete()
    run_outputs(run).wanted().filter(matches_as_a__judgments=None, matches_as_b__judgments=None).delete()
    for other in Run.objects.active().filter(planned_at__isnull=False):
        plan_run(run=other, now=now)
    run.refresh_from_db()


def retry_failed(*, run: Run, now: datetime) -> int:
    """Asks again for everything in the run that failed, at its expense; the number of rows."""
    Run.objects.filter(pk=run.pk).update(finished_at=None)
    return sum(ask_again(rows, now=now, payer=run.budget) for rows in run_evidence(run))


@transaction.atomic
def change_budget(*, run: Run, usd: Decimal) -> None:
    """Another cap; a run that the old one had stopped goes on. Raises RunCannotStart, changing nothing."""
    asked = _askable(run.owner, run.contenders.select_related("endpoint"))
    _check_budget(usd, asked, list(run.judges.select_related("endpoint")))
    if run.budget is None:
        run.budget = Budget.objects.create()
        run.save(update_fields=["budget"])
    change_cap(budget=run.budget, cap=usd)
    Run.objects.filter(pk=run.pk).update(finished_at=None)
    run.refresh_from_db()


def settle_run(*, run: Run, now: datetime) -> bool:
    """Marks the run finished once nothing in it can still be asked, be it for want of money."""
    progress = run_progress(run)
    if not progress.is_over or (progress.status == RunStatus.OUT_OF_BUDGET and _take_over(run)):
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
    price: Price | None = None,
    budget_usd: Decimal | None = None,
    **card: object,
) -> Run:
    """A stranger's endpoint becomes a contender whose run starts once the workers have checked the endpoint.

    Raises UnusableAddress, NameIsTaken, RunCannotStart; nothing is written then.
    """
    if Contender.objects.filter(name=name).exists():
        raise NameIsTaken(f"There is a model called {name!r} already; choose another name.")
    told = told_price(price, source=f"told by {owner.username}") if price else {}
    endpoint = register_endpoint(name=name, base_url=base_url, model=model, key=key, owner=owner, **told)
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
        budget_usd=budget_usd,
    )
