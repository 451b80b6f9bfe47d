"""The releases of a board, for feed readers."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from apps.board.templatetags.figures import signed
from apps.ratings.leading import leading
from apps.ratings.models import Board
from apps.ratings.release_steps import Few, Step, release_steps
from apps.ratings.selection import select


class ReleasesFeed(Feed):
    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, slug: str) -> Board:
        board = Board.objects.public().filter(slug=slug).first()
        if board is None:
            raise Http404(f"There is no board {slug!r}.")
        return board

    def title(self, board: Board) -> str:
        return f"{board.title}: releases"

    def subtitle(self, board: Board) -> str:
        return board.description

    def link(self, board: Board) -> str:
        return reverse("board:releases") + f"?board={board.slug}"

    def items(self, board: Board) -> tuple[Step, ...]:
        return release_steps(select(board)).each

    def item_title(self, step: Step) -> str:
        names = [contender.name for contender in step.leaders.named]
        return f"{step.release.day:%-d %B %Y}: {leading(names, step.leaders.n)}"

    def item_description(self, step: Step) -> str:
        """Plain text: names are escaped by whoever writes them into the feed."""
        return " ".join(_told(step)) or "No model came, went, or moved by more than its interval."

    def item_link(self, step: Step) -> str:
        return reverse("board:release", args=[step.leaderboard.board.slug, step.release.key])

    def item_updateddate(self, step: Step) -> datetime:
        return step.release.fitted_at

    item_pubdate = item_updateddate


def _told(step: Step) -> list[str]:
    if step.since is None:
        return ["The first release."]
    moved = {
        "Joined": [contender.name for contender in step.joined.named],
        "No longer ranked": [contender.name for contender in step.left.named],
        "Rose": [f"{moved.contender.name} {signed(moved.change.value)}" for moved in step.risen.named],
        "Fell": [f"{moved.contender.name} {signed(moved.change.value)}" for moved in step.fallen.named],
        "New judges": list(step.judges_joined),
        "Added": [f"{signed(number)} {kind}" for kind, number in step.added.items()],
    }
    more: dict[str, Few] = {
        "Joined": step.joined,
        "No longer ranked": step.left,
        "Rose": step.risen,
        "Fell": step.fallen,
    }
    return [f"{what}: {', '.join(names)}{_more(more.get(what))}." for what, names in moved.items() if names]


def _more(few: Few | None) -> str:
    return f" and {few.more} more" if few and few.more else ""
