"""Which token comes next: the sampling settings of a chat request, and a draw from a model's logits."""

from collections.abc import Sequence

import numpy as np


def draw(logits: np.ndarray, *, temperature: float, top_p: float, rng: np.random.Generator) -> int:
    """The next token. logits: one number a token. Temperature 0 takes the likeliest, whatever `top_p` says.

    `top_p` keeps the fewest likeliest tokens whose probability adds up to it (Holtzman et al., 2020, nucleus sampling).
    """
    if temperature == 0:
        return int(logits.argmax())
    likely = np.argsort(-logits, kind="stable")
    probability = _softmax(logits[likely].astype(float), temperature)
    before = np.cumsum(probability) - probability
    kept = np.where(before < top_p, probability, 0.0)
    kept[0] = probability[0]  # even top_p = 0 leaves the likeliest
    return int(rng.choice(likely, p=kept / kept.sum()))


def held_to(logits: np.ndarray, menu: Sequence[Sequence[int]], said: Sequence[int]) -> np.ndarray:
    """The logits with every token shut out that does not lead on, after `said`, to one of the menu's token sequences.

    Guided choice, as large servers offer it: what is chosen is still the model's own preference, token by token.
    """
    open_now = [dish[len(said)] for dish in menu if list(dish[: len(said)]) == list(said) and len(dish) > len(said)]
    held = np.full_like(logits, -np.inf)
    held[open_now] = logits[open_now]
    return held


def _softmax(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Cooled after the largest is taken off: a temperature next to 0 would overflow otherwise."""
    with np.errstate(over="ignore"):  # to minus infinity, whose weight is 0
        weights = np.exp((logits - logits.max()) / temperature)
    return weights / weights.sum()
