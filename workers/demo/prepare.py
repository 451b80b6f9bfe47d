"""What the demo is about: prompt sets, contenders, judges, a board and the runs. Preparing twice changes nothing."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from apps.contenders.models import Contender
from apps.contenders.operations import ensure_contender
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import ensure_endpoint, move_endpoint
from apps.judging.models import Judge
from apps.judging.operations import ensure_judge, judge_slug
from apps.prompts.builtin import BUILTIN_SETS
from apps.prompts.models import PromptSet
from apps.prompts.operations import ensure_builtin_set
from apps.ratings.models import Board
from apps.ratings.operations import ensure_board
from apps.runs.models import Run
from apps.runs.operations import create_run

PLAYED_SETS = ("everyday", "riddles")
PAIRS_PER_PROMPT = 8  # of the 28 pairs of 8 contenders: enough to tell them apart, few enough for a coffee's length
CONTENDERS, JUDGES = "sim-", "sim-judge-"
PEOPLE = "sim-person-"


@dataclass(frozen=True)
class RealJudge:
    """A judge from the environment, which then judges instead of the simulated ones."""

    base_url: str
    model: str
    key: str

    @classmethod
    def from_environment(cls) -> "RealJudge | None":
        base_url, model, key = (os.environ.get(f"JUDGEBOARD_JUDGE_{name}", "") for name in ("BASE_URL", "MODEL", "KEY"))
        return cls(base_url, model, key) if base_url and model else None


def prepare(*, base_url: str, models: Sequence[str]) -> list[Run]:
    """Everything the demo needs, written down; the runs, new or as an earlier demo left them."""
    sets = {slug: ensure_builtin_set(slug=slug) for slug in BUILTIN_SETS}
    board = ensure_board(
        slug="demo",
        title="Demo board",
        description="Simulated models on the built-in prompt sets: a tour, not a statement about real models.",
        position=50,
    )
    contenders = [_contender(base_url, model) for model in models if _is_contender(model)]
    judges = _judges(base_url, [model for model in models if model.startswith(JUDGES)])
    return [_run(board, sets[slug], contenders, judges) for slug in PLAYED_SETS]


def _is_contender(model: str) -> bool:
    return model.startswith(CONTENDERS) and not model.startswith((JUDGES, PEOPLE))


def _contender(base_url: str, model: str) -> Contender:
    return ensure_contender(
        name=model,
        endpoint=simulated_endpoint(base_url, model),
        organisation="Simulator",
        licence="simulated",
        card="A simulated model with planted skill. It exists to show how a board comes about.",
    )


def simulated_endpoint(base_url: str, model: str) -> Endpoint:
    """The simulator may listen elsewhere than last time: its endpoints move with it."""
    known = Endpoint.objects.simulated().filter(model=model, owner=None).first()
    if known:
        move_endpoint(endpoint=known, base_url=base_url)
        return known
    return ensure_endpoint(base_url=base_url, model=model, simulated=True, concurrency=16)


def _judges(base_url: str, models: Sequence[str]) -> list[Judge]:
    real = RealJudge.from_environment()
    if real:
        endpoint = ensure_endpoint(base_url=real.base_url, model=real.model, key=real.key)
        return [ensure_judge(slug=judge_slug(real.model), name=real.model, endpoint=endpoint, admitted=True)]
    return [
        ensure_judge(
            slug=model,
            name=model,
            endpoint=simulated_endpoint(base_url, model),
            family="sim-bench",
            admitted=True,
        )
        for model in models
    ]


def _run(board: Board, prompt_set: PromptSet, contenders: list[Contender], judges: list[Judge]) -> Run:
    """The same wish as last time is the same run: it goes on where it was left."""
    for run in Run.objects.filter(board=board, prompt_sets=prompt_set, newcomer=None, cancelled_at=None):
        if set(run.judges.all()) == set(judges) and set(run.contenders.all()) == set(contenders):
            return run
    return create_run(
        board=board, prompt_sets=[prompt_set], contenders=contenders, judges=judges, pairs_per_prompt=PAIRS_PER_PROMPT
    )
