"""Who is asked in a run, who is not, and who pays for what nobody pays for any more."""

from collections.abc import Iterable, Sequence

from django.contrib.auth.models import User

from apps.budgets.models import Budget
from apps.contenders.models import Contender
from apps.judging.models import Judge
from apps.matches.models import Match
from apps.runs.models import Run
from apps.runs.queries import run_judgments, run_outputs, run_scores


def askable(owner: User | None, contenders: Iterable[Contender]) -> list[Contender]:
    """Imported contenders have nobody to ask; and nobody's run spends on a stranger's key."""
    asked = [one for one in contenders if one.endpoint is not None]
    if owner is None or owner.is_staff:
        return asked
    return [one for one in asked if one.endpoint and one.endpoint.owner_id in (None, owner.pk)]


def take_over(run: Run) -> int:
    """What the run waits for and nobody pays for any more, it pays for itself, if it can; the number of rows."""
    if run.budget is None or Budget.objects.filter(pk=run.budget.pk, exhausted=True).exists():
        return 0
    asked = askable(run.owner, run.contenders.select_related("endpoint"))
    stranded = (run_outputs(run).filter(contender__in=asked), run_judgments(run), run_scores(run))
    return sum(rows.stranded().update(payer=run.budget) for rows in stranded)


def fair_matches(judge: Judge, contenders: Sequence[Contender], match_ids: Sequence[int]) -> Sequence[int]:
    """Without the matches in which the judge would judge its own family, unless it is told to."""
    barred_family = "" if judge.may_judge_kin else judge.family
    own = [contender.pk for contender in contenders if barred_family and contender.family == barred_family]
    if not own:
        return match_ids
    kin = Match.objects.filter(output_a__contender__in=own) | Match.objects.filter(output_b__contender__in=own)
    barred = set(kin.values_list("pk", flat=True))
    return [key for key in match_ids if key not in barred]
