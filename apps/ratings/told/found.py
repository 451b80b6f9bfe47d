"""Findings of a snapshot, with the names of the models that they are about."""

from apps.ratings.models import Finding, Leaderboard, Rating
from apps.ratings.told import FlatRow


def found_rows(leaderboard: Leaderboard, name: str) -> list[FlatRow]:
    """Empty where nothing was found, or before findings were kept."""
    found = Finding.objects.filter(leaderboard=leaderboard, name=name).first()
    return found.rows if found else []


def models_of(leaderboard: Leaderboard) -> dict[int, tuple[str, str]]:
    """Name and slug of each contender of the snapshot, by key."""
    rows = leaderboard.ratings.filter(by=Rating.By.JUDGES)
    return {
        key: (name, slug) for key, name, slug in rows.values_list("contender", "contender__name", "contender__slug")
    }
