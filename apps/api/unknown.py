"""What the API says of a word that names nothing."""

from apps.judging.queries import judge_key
from apps.ratings.rater import PEOPLE
from apps.ratings.selection import Selection


def unknown_word(selection: Selection) -> str:
    """Of a selection with a word that names nothing on its board: which, and what would have."""
    name, word = next(iter(selection.unknown.items()))
    all_known = {
        "category": ("categories", [known.slug for known in selection.categories]),
        "release": ("releases", [known.key for known in selection.releases]),
        "rater": ("raters", [*(judge_key(judge) for judge in selection.judges), PEOPLE]),
    }
    kind, known = all_known[name]
    return f"{selection.board} has no {name} {word!r}; its {kind}: {', '.join(known) or 'none'}."
