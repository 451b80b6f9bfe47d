"""The picture that other sites show beside a link."""

from apps.ratings.models import Figure, Leaderboard
from apps.ratings.told import Told
from judgeboard.charts import card as cards
from judgeboard.charts.axes import NothingToDraw
from workers.figures.standing import interval


def card(told: Told, of: Figure) -> str:
    rated = [(row, interval(row, "")) for row in told.rows]
    lines = [cards.Ranked(row["rank"], row["model"], rating, row["meant"]) for row, rating in rated if rating]
    if not lines:
        raise NothingToDraw("No rating here has an interval yet: too little was compared.")
    return cards.card(str(told.title), str(told.caption), lines, _made_from(of.leaderboard))


def _made_from(of: Leaderboard) -> str:
    counts = f"{of.n_judgments:,} judgments and {of.n_votes:,} votes, {of.fitted_at:%-d %B %Y}"
    return f"Simulated. {counts}" if of.simulated else counts
