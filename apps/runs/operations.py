from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

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
from apps.matches.operations import Pairing, add_matches
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import freeze_prompt_set
from apps.ratings.models import Board
from apps.runs.asking import askable, fair_matches, take_over
from apps.runs.choosing import RunCannotStart, chosen_rule
from apps.runs.drawing import begin_drawing
from apps.runs.eligibility import why_not
from apps.runs.models import Draw, Run
from apps.runs.queries import RunStatus, run_evidence, run_judgments, run_outputs, run_progress, run_scores
from apps.runs.ration import rationed_budget
from judgeboard.arena.pairing.tournament import pairs_for_prompts


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
    rule: str | None = None,
    precision: float | None = None,
    order: bool = False,
    max_calls: int | None = None,
    seed: int = 1,
    owner: User | None = None,
    budget_usd: Decimal | None = None,
) -> Run:
    """Writes the wish down; `plan_run` turns it into wanted evidence. Raises RunCannotStart.

    `rule`, `precision`, `order`, `max_calls`: see `chosen_rule`; any of them makes a run that chooses its matches.
    `budget_usd`: dollars that the run may spend, all told; None: all that its owner may, see `ration`. Without a cap
    what it spends is only counted.
    """
    rule = chosen_rule(
        rule=rule, precision=precision, order=order, max_calls=max_calls, pairs_per_prompt=pairs_per_prompt
    )
    if len(contenders) < 2:
        raise RunCannotStart(gettext("A run needs at least two models: a ranking is made of comparisons."))
    if not judges:
        raise RunCannotStart(gettext("A run needs at least one judge."))
    mute = [judge.name for judge in judges if judge.endpoint_id is None]
    if mute:
        raise RunCannotStart(
            gettext("{judge} is known from imported verdicts only; a judge needs an endpoint.").format(judge=mute[0])
        )
    if refusal := why_not(judges, board):
        raise RunCannotStart(refusal)
    if not Prompt.objects.filter(prompt_set__in=prompt_sets).exists():
        raise RunCannotStart(gettext("A run needs a prompt set with at least one prompt."))
    _check_privacy(board, prompt_sets, contenders)
    budget_usd = _checked_budget(owner, budget_usd, askable(owner, contenders), judges)
    run = Run.objects.create(
        board=board,
        newcomer=newcomer,
        pairs_per_prompt=pairs_per_prompt,
        rule=rule,
        precision=precision,
        order=order,
        max_calls=max_calls,
        seed=seed,
        owner=owner,
        budget=Budget.objects.create(cap=budget_usd),
    )
    run.prompt_sets.set(prompt_sets)
    run.contenders.set(contenders)
    run.judges.set(judges)
    board.prompt_sets.add(*prompt_sets)
    return run


def _check_privacy(board: Board, prompt_sets: Sequence[PromptSet], contenders: Sequence[Contender]) -> None:
    """What is private may only meet on a board that is private to the same person."""
    brought: list[PromptSet | Contender] = [*prompt_sets, *contenders]
    for one in brought:
        if one.private_to_id not in (None, board.private_to_id):
            raise RunCannotStart(f"{one} is private, and {board} would show it to others; publish it first.")


def _checked_budget(
    user: User | None,
    usd: Decimal | None,
    contenders: Sequence[Contender],
    judges: Sequence[Judge],
    *,
    beside: Run | None = None,
) -> Decimal | None:
    """What the run may spend if it was wished for by `user`. A cap holds only where every call has a price."""
    if usd is not None and usd <= 0:
        raise RunCannotStart(gettext("A budget of ${usd} pays for nothing; expected more than $0.").format(usd=usd))
    asked: list[Contender | Judge] = [*contenders, *judges]
    endpoints = [one.endpoint for one in asked if one.endpoint is not None]
    allowed = rationed_budget(user, usd, endpoints, now=timezone.now(), beside=beside)
    if allowed is None:
        return None
    for one in asked:
        if one.endpoint is not None and one.endpoint.price is None:
            raise RunCannotStart(
                gettext(
                    "No price is known for {name}, so the budget could not be kept; a run with a budget needs the "
                    "price of a million tokens in and out of every model and judge."
                ).format(name=one.name)
            )
    return allowed


@transaction.atomic
def plan_run(*, run: Run, now: datetime) -> None:
    """Writes the run's outputs, matches and judgments as wanted, at its expense. Asking twice adds nothing.

    What an earlier run wanted first is paid for by that one, for as long as it can pay. A run that chooses its matches
    draws its first batch, or wants again what it has drawn.
    """
    if run.is_adaptive:
        begin_drawing(run=run, now=now)
        return
    contenders = list(run.contenders.select_related("endpoint").order_by("pk"))
    judges = list(run.judges.all())
    for prompt_set in run.prompt_sets.all():
        freeze_prompt_set(prompt_set=prompt_set, now=now)
        prompts = list(prompt_set.prompts.all())
        want_outputs(contenders=askable(run.owner, contenders), prompts=prompts, payer=run.budget)
        match_ids = add_matches(pairings=_pairings(run, contenders, prompts))
        for judge in judges:
            want_judgments(judge=judge, match_ids=fair_matches(judge, contenders, match_ids), payer=run.budget)
    take_over(run)
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
    kept = Draw.objects.filter(run__in=Run.objects.active())  # which are wanted again below
    unasked = run_outputs(run).wanted().filter(matches_as_a__judgments=None, matches_as_b__judgments=None)
    unasked.exclude(matches_as_a__draws__in=kept).exclude(matches_as_b__draws__in=kept).delete()
    for other in Run.objects.active().filter(planned_at__isnull=False):
        plan_run(run=other, now=now)
    run.refresh_from_db()


def retry_failed(*, run: Run, now: datetime) -> int:
    """Asks again for everything in the run that failed, at its expense; the number of rows."""
    _go_on(run)
    return sum(ask_again(rows, now=now, payer=run.budget) for rows in run_evidence(run))


@transaction.atomic
def change_budget(*, run: Run, usd: Decimal, by: User | None = None) -> None:
    """Another cap; a run that the old one had stopped goes on. `by`: whose ration has to reach for it.

    Raises RunCannotStart, changing nothing.
    """
    asked = askable(run.owner, run.contenders.select_related("endpoint"))
    _checked_budget(by, usd, asked, list(run.judges.select_related("endpoint")), beside=run)
    if run.budget is None:
        run.budget = Budget.objects.create()
        run.save(update_fields=["budget"])
    change_cap(budget=run.budget, cap=usd)
    _go_on(run)
    run.refresh_from_db()


def _go_on(run: Run) -> None:
    """A run that had stopped looks again whether it may."""
    Run.objects.filter(pk=run.pk).update(finished_at=None, stopped_because="")


def settle_run(*, run: Run, now: datetime) -> bool:
    """Marks the run finished once nothing in it can still be asked, be it for want of money."""
    progress = run_progress(run)
    if not progress.is_over or (progress.status == RunStatus.OUT_OF_BUDGET and take_over(run)):
        return False
    ended: dict[str, Any] = {"finished_at": now}
    if run.is_adaptive and progress.status == RunStatus.OUT_OF_BUDGET:
        ended["stopped_because"] = Run.Stop.MONEY
    return Run.objects.active().filter(pk=run.pk).update(**ended) == 1


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
    rule: str | None = None,
    precision: float | None = None,
    order: bool = False,
    max_calls: int | None = None,
    price: Price | None = None,
    budget_usd: Decimal | None = None,
    **card: Any,
) -> Run:
    """A stranger's endpoint becomes a contender whose run starts once the workers have checked the endpoint.

    Raises UnusableAddress, NameIsTaken, RunCannotStart; nothing is written then.
    """
    if Contender.objects.public().filter(name=name).exists():
        raise NameIsTaken(
            gettext("There is a model called {name} already; choose another name.").format(name=repr(name))
        )
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
        rule=rule,
        precision=precision,
        order=order,
        max_calls=max_calls,
        owner=owner,
        budget_usd=budget_usd,
    )
