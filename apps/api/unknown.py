"""What the API says of a word that names nothing: a sentence under 404."""

from collections.abc import Iterable

from ninja import Status

from apps.judging.queries import judge_key
from apps.ratings.board_state import nearest
from apps.ratings.rater import CONTROLLED, PEOPLE
from apps.ratings.selection import Selection


def problem(sentence: str) -> Status:
    """The answer to what cannot be found."""
    return Status(404, {"detail": sentence})


def no_such(kind: str, word: str, known: Iterable[str]) -> Status:
    """Where the address names something that is not there: with the nearest of what is."""
    meant = nearest(word, known)
    return problem(f"There is no {kind} {word!r}." + (f" Did you mean {meant!r}?" if meant else ""))


def unknown_word(selection: Selection) -> Status:
    """Of a selection with a word that names nothing on its board: which, and what would have."""
    name, word = next(iter(selection.unknown.items()))
    if (name, word) == ("style", CONTROLLED):
        return problem(f"{selection.board} has no ratings of this view that leave style aside.")
    all_known = {
        "category": ("categories", [known.slug for known in selection.categories]),
        "release": ("releases", [known.key for known in selection.releases]),
        "rater": ("raters", [*(judge_key(judge) for judge in selection.judges), PEOPLE]),
        "style": ("styles", [CONTROLLED]),
    }
    kind, known = all_known[name]
    return problem(f"{selection.board} has no {name} {word!r}; its {kind}: {', '.join(known) or 'none'}.")
