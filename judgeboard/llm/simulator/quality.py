"""How many sound sentences a quality is worth, and back. Both writer and reader use this one scale, in Elo points."""

# Sound from end to end is this much better than weak from end to end: wide enough that the best contender's best day
# still fits, so that the planted distances are not squeezed at the ends.
SPAN = 1300.0
WORST = -SPAN / 2


def sound_share(quality: float) -> float:
    """The share of sound sentences (0 to 1) in an answer of `quality` Elo points above the average contender."""
    return min(1.0, max(0.0, 0.5 + quality / SPAN))


def quality_of_share(share: float) -> float:
    """The quality in Elo points that a reader sees in a share of sound sentences."""
    return (share - 0.5) * SPAN
