"""One model on one board: where it stands, against whom, in what, and the matches that show why."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from apps.contenders.models import Contender
from apps.humans.models import Reason, Vote
from apps.humans.queries import reasons_for
from apps.matches.models import Match
from apps.matches.queries import matches_of
from apps.prompts.models import Category
from apps.prompts.privacy import STRANGER, Viewer
from apps.ratings.difference import Difference, style_shift
from apps.ratings.disputes import disputed
from apps.ratings.evidence import board_votes
from apps.ratings.match_lists import for_list
from apps.ratings.models import Board, Leaderboard, PublishedRating, Rating
from apps.ratings.opponents import Opponent, opponents, selected_judgments
from apps.ratings.selection import Selection

SHOWN = 12


@dataclass(frozen=True)
class InCategory:
    category: Category
    judges: Rating | None
    humans: Rating | None


@dataclass(frozen=True)
class ModelRecord:
    """`judges` is one judge's rating where that judge was selected. Opponents and matches are those of today."""

    contender: Contender
    selection: Selection
    judges: Rating | None
    humans: Rating | None
    corrected: Rating | None
    each_judge: tuple[Rating, ...]
    categories: tuple[InCategory, ...]
    opponents: tuple[Opponent, ...]
    published: tuple[PublishedRating, ...]
    disputed: tuple[Match, ...]
    matches: tuple[Match, ...]
    reasons: dict[str, int]  # how often voters gave which reason for preferring it

    @property
    def why(self) -> tuple[tuple[str, int], ...]:
        return tuple((str(Reason(word).label), n) for word, n in self.reasons.items())

    @property
    def leaderboard(self) -> Leaderboard | None:
        return self.selection.leaderboard

    @property
    def shift(self) -> Difference | None:
        """Of the judges' rating, with style left aside."""
        return style_shift(self.judges)

    @property
    def is_on_board(self) -> bool:
        return self.judges is not None or self.humans is not None

    @property
    def met(self) -> tuple[Contender, ...]:
        """Whom it was compared with, by name."""
        return tuple(sorted((row.contender for row in self.opponents), key=lambda contender: contender.name))

    @property
    def simulated(self) -> bool:
        judged = self.leaderboard is not None and self.leaderboard.simulated and self.is_on_board
        return self.contender.simulated or judged


def model_record(contender: Contender, selection: Selection) -> ModelRecord:
    ratings = _ratings(contender, selection)
    by = {rating.by: rating for rating in ratings if rating.judge_id in (None, _judge_key(selection))}
    return ModelRecord(
        contender=contender,
        selection=selection,
        judges=by.get(selection.rater.judged_by),
        humans=by.get(Rating.By.HUMANS),
        corrected=by.get(Rating.By.CORRECTED),
        each_judge=tuple(rating for rating in ratings if rating.judge),
        categories=_in_categories(contender, selection),
        opponents=opponents(contender, selection),
        published=tuple(contender.published_ratings.order_by("source", "-published_on")),
        disputed=_first_few(_disputed(contender, selection)),
        matches=_first_few(_on(selection, matches_of(contender))),
        reasons=reasons_for(contender, _votes_on(selection)),
    )


def boards_of(*contenders: Contender, viewer: Viewer = STRANGER) -> list[Board]:
    """The boards that all of them have a rating on, in their order."""
    on_board = Rating.objects.filter(leaderboard__board=OuterRef("pk"))
    rated = [Exists(on_board.filter(contender=contender)) for contender in contenders]
    return list(Board.objects.seen_by(viewer).filter(*rated))


def _ratings(contender: Contender, selection: Selection) -> list[Rating]:
    if selection.leaderboard is None:
        return []
    rows = selection.leaderboard.ratings.filter(contender=contender).select_related("judge__endpoint")
    return [selection.rater.seen(row) for row in rows.order_by("judge__slug", "judge__version")]


def _judge_key(selection: Selection) -> int | None:
    return selection.rater.judge.pk if selection.rater.judge else None


def _in_categories(contender: Contender, selection: Selection) -> tuple[InCategory, ...]:
    """From the snapshot of each category that is the newest, or the newest of the release's day."""
    newest = Leaderboard.objects.filter(board=selection.board, category=OuterRef("leaderboard__category"))
    if selection.release:
        newest = newest.filter(fitted_at__date=selection.release.day)
    own = Q(judge=None) | Q(judge=_judge_key(selection))
    rows = (
        Rating.objects.filter(own, contender=contender, leaderboard__board=selection.board)
        .filter(leaderboard=Subquery(newest.values("pk")[:1]))
        .select_related("leaderboard__category")
        .order_by("leaderboard__category__slug")
    )
    found: dict[Category, dict[str, Rating]] = {}
    for row in rows:
        if row.leaderboard.category:
            found.setdefault(row.leaderboard.category, {})[row.by] = selection.rater.seen(row)
    by_judges = selection.rater.judged_by
    return tuple(InCategory(category, by.get(by_judges), by.get(Rating.By.HUMANS)) for category, by in found.items())


def _disputed(contender: Contender, selection: Selection) -> QuerySet[Match]:
    """Asked match by match, newest first, so that it can stop at the first few."""
    judged = selected_judgments(selection).filter(match=OuterRef("pk"))
    return _on(selection, matches_of(contender)).filter(Exists(disputed(judged)))


def _votes_on(selection: Selection) -> QuerySet[Vote]:
    votes = board_votes(selection.board)
    return votes.filter(match__prompt__category=selection.category) if selection.category else votes


def _on(selection: Selection, matches: QuerySet[Match]) -> QuerySet[Match]:
    on_board = matches.filter(prompt__prompt_set__boards=selection.board)
    return on_board.filter(prompt__category=selection.category) if selection.category else on_board


def _first_few(matches: QuerySet[Match]) -> tuple[Match, ...]:
    """Chosen before they are counted, so the cost does not grow with the number of matches."""
    return for_list(list(matches.values_list("pk", flat=True)[:SHOWN]))
