"""The point fit in natural units, and what every interval around it starts from."""

from dataclasses import dataclass

from judgeboard.arena.arrays import Floats
from judgeboard.arena.rating.contact import Contact, contact, pseudo_points
from judgeboard.arena.rating.likelihood import Inverse, information, maximum, win_probability


@dataclass(frozen=True, eq=False)
class PointFit:
    """points:      float64[M, M], what the row took from the column
    held:        the same with the pseudo-points that keep every rating finite
    strength:    float64[M], natural units, mean 0 in each connected group
    probability: float64[M, M], that the row beats the column
    information: float64[M, M], of each pair; inverse: of the matrix of it
    """

    points: Floats
    held: Floats
    strength: Floats
    probability: Floats
    information: Floats
    inverse: Inverse
    contact: Contact


def point_fit(points: Floats) -> PointFit:
    """Of float64[M, M] points. Raises FitFailed where they are not finite numbers."""
    found = contact(points)
    held = points + pseudo_points(points, found)
    strength = maximum(held, found.together)
    weight = information(held, strength)
    return PointFit(
        points=points,
        held=held,
        strength=strength,
        probability=win_probability(strength),
        information=weight,
        inverse=Inverse.of(weight, found.together),
        contact=found,
    )
