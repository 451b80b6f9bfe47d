"""Panels of raters for the tests of agreement."""

import numpy as np
from hypothesis import strategies as st

from judgeboard.arena.verdicts import FLIPPED_CODE, Verdicts


def panel(said: np.ndarray, prompt: np.ndarray | None = None) -> Verdicts:
    """Verdicts from int[matches, raters] outcome codes, -1 for nothing said; each match is between x and y."""
    match, rater = np.nonzero(said >= 0)
    n = len(match)
    return Verdicts(
        names=("x", "y"),
        a=np.zeros(n, dtype=np.int32),
        b=np.ones(n, dtype=np.int32),
        outcome=said[match, rater].astype(np.int8),
        prompt=(match if prompt is None else prompt[match]).astype(np.int32),
        rater=rater.astype(np.int32),
        first=np.full(n, -1, dtype=np.int8),
        match=match.astype(np.int32),
    )


@st.composite
def panels(draw: st.DrawFn, raters: int = 3) -> Verdicts:
    """Any panel on one to fifteen matches on a few prompts; some raters say nothing of some."""
    row = st.lists(st.integers(-1, 3), min_size=raters, max_size=raters)
    said = draw(st.lists(row, min_size=1, max_size=15))
    prompt = draw(st.lists(st.integers(0, 3), min_size=len(said), max_size=len(said)))
    return panel(np.array(said), np.array(prompt))


def other_side(verdicts: Verdicts) -> Verdicts:
    """Another world: whatever went to x goes to y. (Telling it from the other side would be the same world.)"""
    columns = (verdicts.prompt, verdicts.rater, verdicts.first, verdicts.match)
    return Verdicts(verdicts.names, verdicts.a, verdicts.b, FLIPPED_CODE[verdicts.outcome], *columns)


def noisy_panel(rng: np.random.Generator, confusion: np.ndarray, truth: np.ndarray) -> Verdicts:
    """Raters who err by themselves; confusion: float64[R, 3, 3], true class by class said; truth: int[N]."""
    chance = confusion[:, truth].cumsum(axis=2)
    return panel((rng.random(chance.shape[:2])[..., None] > chance).sum(axis=2).T)
