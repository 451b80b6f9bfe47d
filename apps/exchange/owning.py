"""What a set is called that is named after a file, for everybody or for one person alone."""

from pathlib import Path

from django.contrib.auth.models import User
from django.utils.text import slugify

from apps.prompts.models import PromptSet
from apps.ratings.models import Board

LONGEST = 60


def slug_of(path: Path) -> str:
    """The prompt set named after a file of plain prompts."""
    return slugify(path.name.split(".")[0])[:LONGEST] or "prompts"


def own_slug(path: Path, user: User) -> str:
    """The same, of that person's own: two people may bring files of one name. Known again, it is the same set."""
    base = f"{slug_of(path)[: LONGEST - 20]}{_suffix(user)}"
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if _is_free(slug, user))


def own_name(slug: str, user: User) -> str:
    return slug.rpartition(_suffix(user))[0] or slug


def _suffix(user: User) -> str:
    return f"-u{user.pk}"


def _is_free(slug: str, user: User) -> bool:
    """Nobody's, or this person's: one that was published is everybody's."""
    others = (rows.filter(slug=slug).exclude(private_to=user) for rows in (PromptSet.objects, Board.objects))
    return not any(rows.exists() for rows in others)
