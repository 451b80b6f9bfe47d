"""What other sites show beside a link to a board or a model: a sentence, and the ranking around it."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.utils.translation import override

from apps.contenders.models import Contender
from apps.ratings.board_state import Group, groups_of
from apps.ratings.leading import leading
from apps.ratings.models import Leaderboard
from apps.ratings.rater import ALL_JUDGES, Rater
from apps.ratings.rows import Row, leaderboard_table
from apps.ratings.told import LEAST, MODEL, Column, FlatRow, Told, eyes, interval_columns, sentences, written

CARD = "card"
MOST = 6  # models


def board_card_told(leaderboard: Leaderboard, rater: Rater = ALL_JUDGES) -> Told | None:
    """Who leads in the eyes of the rater, and the top of the ranking."""
    group = _largest(leaderboard, rater)
    if group is None:
        return None
    within = f" in {leaderboard.category.name.lower()}" if leaderboard.category else ""
    with override(settings.LANGUAGE_CODE):  # one picture for all, whoever looks first
        sentence = str(sentences(eyes(rater), leading([row.contender.name for row in group.leaders]) + within))
    return _told(leaderboard, sentence, group.rows[:MOST], {row.contender.pk for row in group.leaders})


def model_card_told(leaderboard: Leaderboard, contender: Contender, rater: Rater = ALL_JUDGES) -> Told | None:
    """Where the model stands in the eyes of the rater, with those around it."""
    group = _largest(leaderboard, rater)
    place = next((n for n, row in enumerate(group.rows) if row.contender.pk == contender.pk), None) if group else None
    if group is None or place is None:
        return None
    first = max(min(place - MOST // 2, len(group.rows) - MOST), 0)
    with override(settings.LANGUAGE_CODE):
        standing = f"{contender.name} has rank {_rank(group.rows[place])} of {len(group.rows)}"
        sentence = str(sentences(eyes(rater), standing))
    return _told(leaderboard, sentence, group.rows[first : first + MOST], {contender.pk})


def _largest(leaderboard: Leaderboard, rater: Rater) -> Group | None:
    """Of the groups of models that met; one model alone has no place."""
    groups = groups_of(leaderboard_table(leaderboard, rater))
    return groups[0] if groups and len(groups[0].rows) >= LEAST else None


def _told(leaderboard: Leaderboard, sentence: str, rows: Sequence[Row], meant: Collection[int]) -> Told:
    shown = [_row(row, row.contender.pk in meant) for row in rows]
    return Told(
        name=CARD,
        title=leaderboard.board.title[:120],
        caption=sentence,
        summary=f"{sentence} on {leaderboard.board.title}. {'; '.join(map(_in_words, shown))}.",
        columns=(MODEL, Column("rank", "Rank", "text"), *interval_columns("rating", "Rating", "points")),
        rows=tuple(shown),
    )


def _row(row: Row, meant: bool) -> FlatRow:
    named = {"model": row.contender.name, "slug": row.contender.slug, "rank": _rank(row), "meant": meant}
    return named | {name: getattr(row.standing, name) for name in ("rating", "lower", "upper", "bounded")}


def _rank(row: Row) -> str:
    told = row.standing
    if told is None or told.rank_low is None:
        return "–"
    return f"{told.rank_low}" if told.rank_low == told.rank_high else f"{told.rank_low}–{told.rank_high}"


def _in_words(row: FlatRow) -> str:
    """Aster, rank 1–2, 1180 (1150 to 1210)"""
    value, lower, upper = (written(row[key]) for key in ("rating", "lower", "upper"))
    return f"{row['model']}, rank {row['rank']}, {value} ({lower} to {upper})"
