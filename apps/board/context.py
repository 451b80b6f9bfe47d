"""The context of a page: what of which board is looked at. Read from the address here, and written back into links."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from apps.board.chips import Chip, Field, category_chips, fields, price_chips, weights_chips
from apps.ratings.board_state import BoardState, board_state
from apps.ratings.models import Board
from apps.ratings.narrowing import ALL_ROWS, Narrowing, Table, narrowed, narrowing, organisations
from apps.ratings.rater import CONTROLLED
from apps.ratings.selection import Selection, select

SELECTING = ("release", "rater", "category", "style")
ORDER = ("board", *SELECTING, *vars(ALL_ROWS))  # of the words of an address
NOT_CONTROLLED = gettext_noop(
    "{board} has no ratings here that leave style aside: too few verdicts, answers that all look alike, or a release "
    "from before they were kept. Style counts."
)
LONGEST_WORD = 100  # characters of an unknown word that a notice repeats

NOTICES = {
    "release": gettext_noop("{board} has no release of “{word}”; this is the latest."),
    "rater": gettext_noop("“{word}” has no ranking of its own on {board}; this is what all judges say."),
    "category": gettext_noop("{board} has no category called “{word}”; this is the board over all of them."),
    "style": gettext_noop("Style is controlled or counts; “{word}” says neither, and it counts."),
    "organisation": gettext_noop("No model here is by “{word}”; models of all organisations are shown."),
    "weights": gettext_noop("Weights are open or closed, not “{word}”; both are shown."),
    "max_price": gettext_noop("“{word}” is no price in dollars; models of every price are shown."),
    "sort": gettext_noop("There is no column “{word}” to sort by; the models stand by rank."),
}


@dataclass(frozen=True)
class Context:
    """`in_path`: this is the page of the board itself, named by the path, with the table that can be narrowed."""

    path: str
    boards: tuple[Board, ...]
    selection: Selection
    notices: tuple[str, ...] = ()
    in_path: bool = False
    narrowing: Narrowing = ALL_ROWS
    organisations: tuple[str, ...] = ()

    @property
    def board(self) -> Board:
        return self.selection.board

    @property
    def is_default(self) -> bool:
        return not self.selection.words

    @cached_property
    def words(self) -> dict[str, str]:
        """What the address of this view says after its path; defaults are left out."""
        told = {} if self.in_path else {"board": self.board.slug}
        return told | self.selection.words | self.narrowing.words

    def url(self, **changed: str) -> str:
        """This page with other words; an empty one is the default."""
        return self.path + query(self.words | changed)

    @property
    def plain(self) -> str:
        """This page with style counted in."""
        return self.url(style="")

    @property
    def by_all_judges(self) -> str:
        """This page in the eyes of all judges together, style counting."""
        return self.url(rater="", style="")

    @property
    def link(self) -> str:
        """This very view, for good: a later release does not change it."""
        return self.path + self.pinned

    @cached_property
    def pinned(self) -> str:
        """The query of this view with its release named."""
        return query(self.words | {"release": self.released})

    @property
    def released(self) -> str:
        """The word of the release that is shown; empty before the first."""
        release = self.selection.release or next(iter(self.selection.releases), None)
        return release.key if release else ""

    @property
    def asked(self) -> str:
        """The query of this view as it is; without a release in it, it goes with the time."""
        return query(self.words)

    @property
    def canonical(self) -> str:
        """This page whatever part of its table is shown, in whatever order."""
        return self.path + query({name: word for name, word in self.words.items() if name in ("board", *SELECTING)})

    @cached_property
    def carried(self) -> str:
        """The query of links to other pages of the same context."""
        return query({"board": self.board.slug} | self.selection.words)

    def query(self, **changed: str) -> str:
        """Of a page that names the board in its path, as here but for these words."""
        return query(self.selection.words | changed)

    @cached_property
    def selected(self) -> str:
        """The query of such a page as here."""
        return self.query()

    @cached_property
    def board_url(self) -> str:
        """The board in the same context."""
        return reverse("board:board", args=[self.board.slug]) + self.selected

    @property
    def default(self) -> str:
        """This page without any choice but that of the board."""
        return self.path + query({name: word for name, word in self.words.items() if name == "board"})

    @property
    def fields(self) -> tuple[Field, ...]:
        return fields(self.boards, self.selection)

    @property
    def kept(self) -> dict[str, str]:
        """What the form does not ask for and must not lose."""
        chips = ("category", "weights", "max_price", "sort")
        return {name: word for name, word in self.words.items() if name in chips}

    @property
    def categories(self) -> tuple[Chip, ...]:
        return category_chips(self.selection, self.url)

    @property
    def weights(self) -> tuple[Chip, ...]:
        return weights_chips(self.narrowing, self.url)

    @property
    def prices(self) -> tuple[Chip, ...]:
        return price_chips(self.narrowing, self.url)

    @property
    def everything(self) -> str:
        """All models of this context, in the same order."""
        return self.url(**dict.fromkeys(self.narrowing.words.keys() - {"sort"}, ""))


def read_context(
    request: HttpRequest,
    boards: Sequence[Board],
    *,
    own: Collection[str] = (),
    board: Board | None = None,
    page: str = "board:board",
) -> Context | None:
    """What the address asks for, each word that names nothing here left aside with a notice; None without any board.

    `boards`: those the page can show, the default first. `board`: the one that the path of `page` names. `own`: words
    that the page reads itself.
    """
    if not boards:
        return None
    words, notices = _words(request), []
    shown = board or next((known for known in boards if known.slug == words.get("board")), None)
    if shown is None and words.get("board"):
        sentence = gettext("There is no board called “{word}” here; this is {board}.")
        notices.append(sentence.format(word=words["board"], board=boards[0]))
    selection = select(shown or boards[0], **{name: words.get(name, "") for name in SELECTING})
    notices += _notices(selection.board, selection.unknown)
    read = {"board", *SELECTING, *own, *(vars(ALL_ROWS) if board and page == "board:board" else ())}
    strange = [name[:LONGEST_WORD] for name in words if name not in read]
    notices += [gettext("“{name}” is no filter of this page.").format(name=name) for name in strange]
    path = reverse(page, args=[board.slug]) if board else request.path
    return Context(path, tuple(boards), selection, tuple(notices), in_path=board is not None)


def read_board(
    request: HttpRequest, boards: Sequence[Board], board: Board, *, own: Collection[str] = ()
) -> tuple[Context, BoardState, Table]:
    """The context of a board's own page, all that is told of the board, and the part of its table that is asked for."""
    context = read_context(request, boards, board=board, own=own)
    assert context is not None  # there is this board
    state = board_state(context.selection)
    asked, unknown = narrowing(_words(request), state.rows)
    context = replace(
        context,
        narrowing=asked,
        organisations=organisations(state.rows),
        notices=(*context.notices, *_notices(board, unknown)),
    )
    return context, state, narrowed(state, asked)


def _words(request: HttpRequest) -> dict[str, str]:
    """A field that was left empty is not asked for."""
    return {name: word for name, word in request.GET.dict().items() if isinstance(word, str) and word}


def _notices(board: Board, unknown: Mapping[str, str]) -> list[str]:
    return [
        gettext(_notice(name, word)).format(board=board, word=word[:LONGEST_WORD]) for name, word in unknown.items()
    ]


def _notice(name: str, word: str) -> str:
    return NOT_CONTROLLED if (name, word) == ("style", CONTROLLED) else NOTICES[name]


def query(words: Mapping[str, str]) -> str:
    """In one order, so that one view has one address."""
    told = [(name, words[name]) for name in ORDER if words.get(name)]
    return "?" + urlencode(told) if told else ""
