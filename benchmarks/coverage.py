"""How often do intervals of 95 % hold the truth? Ours of each kind, our peers' on the same boards, and newcomers'."""

from collections.abc import Callable, Iterable

import numpy as np

from benchmarks.peers.rating import coverage
from judgeboard.arena.rating.bootstrap import BootstrapFit, bootstrap
from judgeboard.arena.rating.bradley_terry import BradleyTerryFit, fit
from judgeboard.arena.verdicts import Verdicts
from tests.arena.boards import drawn_board, drawn_newcomer_board

BOARDS = 200
DEFAULT = (0.93, 0.97)  # of the default interval
NEWCOMER = 0.93  # at least, of a newcomer at +400 Elo
MATCHES_OF_NEWCOMERS = (2, 5, 10, 20, 39, 60)

Method = Callable[[Verdicts], BradleyTerryFit | BootstrapFit]
METHODS: dict[str, Method] = {
    "prompt clusters (default)": fit,
    "match clusters": lambda verdicts: fit(verdicts, interval="match"),
    "Fisher": lambda verdicts: fit(verdicts, interval="fisher"),
    "bootstrap by prompt": lambda verdicts: bootstrap(verdicts, unit="prompt", draws=400, seed=1),
    "bootstrap by match": lambda verdicts: bootstrap(verdicts, unit="match", draws=400, seed=1),
}


def run() -> bool:
    default = _methods()
    newcomers = [_newcomers(matches) for matches in MATCHES_OF_NEWCOMERS]
    coverage.show(coverage.coverage(coverage.boards(BOARDS)))
    kept = DEFAULT[0] <= default <= DEFAULT[1] and min(newcomers) >= NEWCOMER
    print(f"coverage: default {default:.1%} (asked: {DEFAULT[0]:.0%} to {DEFAULT[1]:.0%}), ", end="")
    print(f"newcomers at least {min(newcomers):.1%} (asked: {NEWCOMER:.0%}): {'within' if kept else 'BEYOND'}")
    return kept


def _methods() -> float:
    print(
        f"{BOARDS} boards: 12 contenders, 3,000 matches in both orders, 100 prompts; nominal 95 %\n"
        f"{'':<28}coverage   width"
    )
    shares = []
    for name, method in METHODS.items():
        rng = np.random.default_rng(20240501)
        share, width = _held((truth, method(verdicts)) for truth, verdicts in (drawn_board(rng) for _ in range(BOARDS)))
        print(f"{name:<28}{share:8.1%}  {width:6.1f}", flush=True)
        shares.append(share)
    return shares[0]


def _held(fitted: Iterable[tuple[np.ndarray, BradleyTerryFit | BootstrapFit]]) -> tuple[float, float]:
    told = [((found.lower <= truth) & (truth <= found.upper), found.upper - found.lower) for truth, found in fitted]
    return float(np.mean([hit for hit, _ in told])), float(np.mean([width for _, width in told]))


def _newcomers(matches: int) -> float:
    """Of the newcomer alone, at +400 Elo points over the mean of the others."""
    rng = np.random.default_rng(matches)
    drawn = [drawn_newcomer_board(rng, matches=matches) for _ in range(BOARDS)]
    told = [(truth[-1], fit(verdicts)) for truth, verdicts in drawn]
    share = float(np.mean([found.lower[-1] <= truth <= found.upper[-1] for truth, found in told]))
    width = float(np.median([found.upper[-1] - found.lower[-1] for _, found in told]))
    print(f"a newcomer of {matches:>2} matches{'':<4} {share:8.1%}  {width:6.1f}", flush=True)
    return share
