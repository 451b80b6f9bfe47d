"""What a run that chooses its matches sees when it looks: who there is, what was said, who can still meet where."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from django.db.models import Q

from apps.contenders.models import Contender, Output
from apps.judging.models import Judge, Judgment, Score
from apps.leases.models import Leased, LeasedQuerySet
from apps.prompts.models import Prompt
from apps.ratings.evidence import judged_among
from apps.runs.asking import askable
from apps.runs.models import Run
from apps.runs.queries import between
from judgeboard.arena.pairing.looks import Aim
from judgeboard.arena.pairing.meetings import Meetings
from judgeboard.arena.verdicts import Verdicts

Status = Leased.Status
_PAID_FOR = Q(status=Status.LEASED) | (Q(status__in=(Status.WAITING, Status.WANTED)) & Leased.PAYABLE)


@dataclass(frozen=True, eq=False)
class Scene:
    """`prompts[g]` and `contenders[i]` are behind the numbers in `verdicts` and `meetings`."""

    contenders: Sequence[Contender]
    askable: Sequence[Contender]
    judges: Sequence[Judge]
    prompts: Sequence[Prompt]
    aim: Aim
    verdicts: Verdicts
    meetings: Meetings

    @property
    def calls_of_one(self) -> int:
        """Calls to all judges together, at most, for one to each: a pointwise one is asked about both outputs."""
        return sum(2 if judge.is_pointwise else 1 for judge in self.judges)

    @property
    def verdicts_asked_about(self) -> int:
        """All, or those on the newcomer, where its place alone is asked about."""
        if self.aim.newcomer is None:
            return len(self.verdicts)
        return int(np.count_nonzero((self.verdicts.a == self.aim.newcomer) | (self.verdicts.b == self.aim.newcomer)))

    @property
    def matches_left(self) -> int:
        left = self.meetings.left
        return int(left.sum() // 2 if self.aim.newcomer is None else left[self.aim.newcomer].sum())


def scene_of(run: Run) -> Scene:
    contenders = list(run.contenders.select_related("endpoint").order_by("pk"))
    judges = list(run.judges.order_by("pk"))
    prompts = list(Prompt.objects.filter(prompt_set__in=run.prompt_sets.values("pk")).order_by("pk"))
    newcomer = [one.pk for one in contenders].index(run.newcomer_id) if run.newcomer_id else None
    known = _About.of(run).judgments()
    return Scene(
        contenders=contenders,
        askable=askable(run.owner, contenders),
        judges=judges,
        prompts=prompts,
        aim=Aim(str(run.rule), run.precision, run.order, newcomer),
        verdicts=judged_among(contenders, known),
        meetings=_meetings(run, known, contenders, judges, prompts),
    )


def others_are_asked(run: Run) -> bool:
    """Whether somebody else's questions, which tell this run something too, are about to be answered."""
    about = _About.of(run)
    compared = about.judgments().exclude(order=Judgment.Order.MERGED).filter(_PAID_FOR)
    scored = Score.objects.filter(
        _PAID_FOR,
        judge__in=about.judges,
        output__prompt__prompt_set__in=about.prompt_sets,
        output__contender__in=about.contenders,
    )
    a, b, alone = (_comes(f"{output}__") for output in ("match__output_a", "match__output_b", "output"))
    return compared.filter(a, b).exists() or scored.filter(alone).exists()


@dataclass(frozen=True)
class _About:
    """Who a run is about, by key: nested queries take minutes on tables that have grown since they were counted."""

    contenders: Sequence[int]
    prompt_sets: Sequence[int]
    judges: Sequence[int]

    @classmethod
    def of(cls, run: Run) -> Self:
        rows = (run.contenders, run.prompt_sets, run.judges)
        return cls(*(list(one.values_list("pk", flat=True)) for one in rows))

    def judgments(self) -> LeasedQuerySet:
        """All that its judges said, or will say, of its contenders on its prompts, whoever asked for it."""
        return Judgment.objects.filter(between(self.contenders, self.prompt_sets, "match__"), judge__in=self.judges)


def _comes(output: str = "") -> Q:
    """The output is there, or it is asked for at the expense of somebody who can pay."""
    there = Q(**{f"{output}status__in": (Status.DONE, Status.LEASED)})
    paid = Q(**{f"{output}payer": None}) | Q(**{f"{output}payer__exhausted": False})
    return there | (paid & Q(**{f"{output}status": Status.WANTED}))


def _meetings(
    run: Run,
    known: LeasedQuerySet,
    contenders: Sequence[Contender],
    judges: Sequence[Judge],
    prompts: Sequence[Prompt],
) -> Meetings:
    """Two can meet on a prompt if both have answered it or can be asked to, and a fair judge has not judged them."""
    fair = {judge.pk: _fair(judge, contenders) for judge in judges}
    met = _met(known, contenders, prompts, fair)
    able = _able(run, contenders, prompts)
    still = sum(fair.values(), start=np.zeros((len(contenders),) * 2, dtype=np.int64)) > met
    free = able[:, :, None] & able[:, None, :] & still
    return Meetings(free, (met > 0).sum(axis=2))


def _fair(judge: Judge, contenders: Sequence[Contender]) -> np.ndarray:
    """int64[M, M]: 1 for the pairs whose ratings the judge's verdicts change: not those with its own family."""
    other = np.array([not judge.family or one.family != judge.family for one in contenders])
    pairs = np.outer(other, other).astype(np.int64)
    np.fill_diagonal(pairs, 0)
    return pairs


def _met(
    known: LeasedQuerySet, contenders: Sequence[Contender], prompts: Sequence[Prompt], fair: dict[int, np.ndarray]
) -> np.ndarray:
    """int64[G, M, M]: how many fair judges have judged the two on the prompt, or are asked at somebody's expense."""
    who = {one.pk: number for number, one in enumerate(contenders)}
    where = {prompt.pk: number for number, prompt in enumerate(prompts)}
    met = np.zeros((len(prompts), len(contenders), len(contenders)), dtype=np.int64)
    columns = ("judge_id", "match__prompt_id", "match__output_a__contender_id", "match__output_b__contender_id")
    told = known.filter(~Q(status__in=Leased.OPEN) | _PAID_FOR).values_list(*columns)
    for judge, prompt, a, b in told.order_by().distinct():
        i, j = who[a], who[b]
        met[where[prompt], i, j] += fair[judge][i, j]
        met[where[prompt], j, i] += fair[judge][i, j]
    return met


def _able(run: Run, contenders: Sequence[Contender], prompts: Sequence[Prompt]) -> np.ndarray:
    """bool[G, M]: has answered the prompt, is being asked at somebody's expense, or can be asked."""
    may_ask = {one.pk for one in askable(run.owner, contenders)}
    able = np.array([[one.pk in may_ask for one in contenders]] * len(prompts))
    who = {one.pk: number for number, one in enumerate(contenders)}
    where = {prompt.pk: number for number, prompt in enumerate(prompts)}
    outputs = Output.objects.filter(prompt__in=where, contender__in=who)
    lost, comes = outputs.filter(status__in=(Status.FAILED, Status.UNUSABLE)), outputs.filter(_comes())
    for rows, value in ((comes, True), (lost, False)):
        for prompt, contender in rows.values_list("prompt_id", "contender_id"):
            able[where[prompt], who[contender]] = value
    return able
