"""One model on one board: where it stands, against whom, in what, and the matches that show why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from apps.contenders.models import Contender
from apps.humans.models import Vote
from apps.judging.models import Judgment
from apps.leases.models import Leased
from apps.matches.models import Match
from apps.matches.queries import matches_of
from apps.prompts.models import Category
from apps.ratings.evidence import board_judgments, board_votes
from apps.ratings.models import Board, Leaderboard, PublishedRating, Rating
from apps.ratings.queries import latest_leaderboard
from judgeboard.arena.outcome import Outcome

SHOWN = 12
WINS = (Outcome.MODEL_A.value, Outcome.MODEL_B.value)


@dataclass
class Tally:
    """What was said about it against one opponent. A tie, or both bad, is half a point."""

    won: int = 0
    tied: int = 0
    lost: int = 0

    @property
    def n(self) -> int:
        return self.won + self.tied + self.lost

    @property
    def share(self) -> float | None:
        return (self.won + self.tied / 2) / self.n if self.n else None

    def add(self, outcome: Outcome, times: int) -> None:
        """Counts an outcome told with it as side a."""
        if outcome is Outcome.MODEL_A:
            self.won += times
        elif outcome is Outcome.MODEL_B:
            self.lost += times
        else:
            self.tied += times


@dataclass(frozen=True)
class Opponent:
    contender: Contender
    judges: Tally = field(default_factory=Tally)
    humans: Tally = field(default_factory=Tally)


@dataclass(frozen=True)
class InCategory:
    category: Category
    judges: Rating | None
    humans: Rating | None


@dataclass(frozen=True)
class ModelRecord:
    contender: Contender
    board: Board
    leaderboard: Leaderboard | None
    judges: Rating | None
    humans: Rating | None
    corrected: Rating | None
    each_judge: tuple[Rating, ...]
    categories: tuple[InCategory, ...]
    opponents: tuple[Opponent, ...]
    published: tuple[PublishedRating, ...]
    disputed: tuple[Match, ...]
    matches: tuple[Match, ...]

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


def model_record(contender: Contender, board: Board) -> ModelRecord:
    leaderboard = latest_leaderboard(board)
    ratings = _ratings(contender, leaderboard)
    by = {rating.by: rating for rating in ratings if not rating.judge}
    return ModelRecord(
        contender=contender,
        board=board,
        leaderboard=leaderboard,
        judges=by.get(Rating.By.JUDGES),
        humans=by.get(Rating.By.HUMANS),
        corrected=by.get(Rating.By.CORRECTED),
        each_judge=tuple(rating for rating in ratings if rating.judge),
        categories=_in_categories(contender, board),
        opponents=_opponents(contender, board),
        published=tuple(contender.published_ratings.order_by("source", "-published_on")),
        disputed=_for_list(_disputed(contender, board)),
        matches=_for_list(_on(board, matches_of(contender))),
    )


def boards_of(*contenders: Contender) -> list[Board]:
    """The boards that all of them have a rating on, in their order."""
    on_board = Rating.objects.filter(leaderboard__board=OuterRef("pk"))
    rated = [Exists(on_board.filter(contender=contender)) for contender in contenders]
    return list(Board.objects.filter(*rated))


def _ratings(contender: Contender, leaderboard: Leaderboard | None) -> list[Rating]:
    if leaderboard is None:
        return []
    rows = leaderboard.ratings.filter(contender=contender).select_related("judge__endpoint")
    return list(rows.order_by("judge__slug", "judge__version"))


def _in_categories(contender: Contender, board: Board) -> tuple[InCategory, ...]:
    """From the newest snapshot of each category."""
    newest = Leaderboard.objects.filter(board=board, category=OuterRef("leaderboard__category"))
    rows = (
        Rating.objects.filter(contender=contender, judge=None, leaderboard__board=board)
        .filter(leaderboard=Subquery(newest.values("pk")[:1]))
        .select_related("leaderboard__category")
        .order_by("leaderboard__category__slug")
    )
    found: dict[Category, dict[str, Rating]] = {}
    for row in rows:
        if row.leaderboard.category:
            found.setdefault(row.leaderboard.category, {})[row.by] = row
    return tuple(
        InCategory(category, by.get(Rating.By.JUDGES), by.get(Rating.By.HUMANS)) for category, by in found.items()
    )


def _opponents(contender: Contender, board: Board) -> tuple[Opponent, ...]:
    """Everybody it was compared with, most judgments first."""
    judged = list(_told(board_judgments(board).done(), contender))
    voted = list(_told(board_votes(board), contender))
    met = Contender.objects.in_bulk({key for key, *_ in (*judged, *voted)})
    opponents = {key: Opponent(other) for key, other in met.items()}
    for key, outcome, times in judged:
        opponents[key].judges.add(outcome, times)
    for key, outcome, times in voted:
        opponents[key].humans.add(outcome, times)
    return tuple(sorted(opponents.values(), key=lambda met: (-met.judges.n, -met.humans.n, met.contender.name)))


def _told(said: QuerySet, contender: Contender) -> Iterator[tuple[int, Outcome, int]]:
    """Opponent's key, outcome with the contender as side a, how often."""
    yield from _counted(said.filter(match__output_a__contender=contender), "b")
    for key, outcome, times in _counted(said.filter(match__output_b__contender=contender), "a"):
        yield key, outcome.flipped(), times


def _counted(said: QuerySet, other: str) -> Iterable[tuple[int, Outcome, int]]:
    rows = said.order_by().values_list(f"match__output_{other}__contender", "outcome").annotate(n=Count("pk"))
    return ((key, Outcome(outcome), times) for key, outcome, times in rows)


def _disputed(contender: Contender, board: Board) -> QuerySet[Match]:
    """Matches in which a person saw one side win and a judge, in both orders it gave a verdict in, the other.

    Asked match by match, newest first, so that it can stop at the first few.
    """
    against = Vote.objects.filter(match=OuterRef("match"), outcome__in=WINS).exclude(outcome=OuterRef("outcome"))
    # Whoever has an outcome is done; asking for the status too makes SQLite walk all that a judge ever said.
    same_judge = Judgment.objects.filter(match=OuterRef("match"), judge=OuterRef("judge"), outcome__isnull=False)
    changed_its_mind = same_judge.exclude(outcome=OuterRef("outcome"))
    judged = board_judgments(board).filter(match=OuterRef("pk"), outcome__in=WINS)
    disputing = judged.filter(~Exists(changed_its_mind), Exists(against))
    return _on(board, matches_of(contender)).filter(Exists(disputing))


def _on(board: Board, matches: QuerySet[Match]) -> QuerySet[Match]:
    return matches.filter(prompt__prompt_set__boards=board)


def _for_list(matches: QuerySet[Match]) -> tuple[Match, ...]:
    """The first few, with who met, on what, and how many judgments and votes fell to each side.

    Chosen before they are counted, so the cost does not grow with the number of matches.
    """
    chosen = list(matches.values_list("pk", flat=True)[:SHOWN])
    done = Q(judgments__status=Leased.Status.DONE)
    rows = Match.objects.filter(pk__in=chosen).select_related(
        "prompt__category", "output_a__contender", "output_b__contender"
    )
    counted = rows.annotate(
        judged_a=Count("judgments", filter=done & Q(judgments__outcome="model_a"), distinct=True),
        judged_b=Count("judgments", filter=done & Q(judgments__outcome="model_b"), distinct=True),
        judged=Count("judgments", filter=done, distinct=True),
        voted_a=Count("votes", filter=Q(votes__outcome="model_a"), distinct=True),
        voted_b=Count("votes", filter=Q(votes__outcome="model_b"), distinct=True),
        voted=Count("votes", distinct=True),
        judged_tie=F("judged") - F("judged_a") - F("judged_b"),
        voted_tie=F("voted") - F("voted_a") - F("voted_b"),
    )
    return tuple(counted.order_by("-pk"))
