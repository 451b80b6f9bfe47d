"""Human ratings that others published -> rows with their source and date."""

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.ratings import operations
from apps.ratings.models import PublishedRating

BUILTIN = Path(operations.__file__).parent / "published" / "arena_2024_05_01.csv"
COLUMNS = ("source", "source_url", "published_on", "name", "rating", "lower", "upper")


class UnreadableRatings(ValueError):
    """Names file, line, what was found and what was expected; nothing of the file was loaded."""


@dataclass(frozen=True)
class LoadCounts:
    new: int
    changed: int
    unchanged: int
    linked: int  # ratings newly tied to a contender of the same name


@transaction.atomic
def load_published_ratings(path: Path = BUILTIN) -> LoadCounts:
    """Loads a CSV with COLUMNS (lower, upper empty: not known); a rating that is there already is corrected.

    Raises UnreadableRatings.
    """
    count = {"new": 0, "changed": 0, "unchanged": 0}
    for row in _rows(path):
        count[_put(row)] += 1
    return LoadCounts(**count, linked=operations.link_published_ratings())


def _put(row: PublishedRating) -> str:
    key = {"source": row.source, "published_on": row.published_on, "name": row.name}
    known = PublishedRating.objects.filter(**key).first()
    if known is None:
        row.save()
        return "new"
    figures = ("source_url", "rating", "lower", "upper")
    if all(getattr(known, name) == getattr(row, name) for name in figures):
        return "unchanged"
    for name in figures:
        setattr(known, name, getattr(row, name))
    known.save(update_fields=figures)
    return "changed"


def _rows(path: Path) -> list[PublishedRating]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = set(COLUMNS) - set(reader.fieldnames or ())
            if missing:
                raise UnreadableRatings(f"{path.name} lacks the columns {', '.join(sorted(missing))}.")
            return [_rating(row, f"{path.name}, line {reader.line_num}") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise UnreadableRatings(f"{path} cannot be read: {problem}.") from None


def _rating(row: Mapping[str, str | None], where: str) -> PublishedRating:
    cell = {name: (row[name] or "").strip() for name in COLUMNS}
    try:
        rating = PublishedRating(
            source=cell["source"],
            source_url=cell["source_url"],
            published_on=date.fromisoformat(cell["published_on"]),
            name=cell["name"],
            rating=float(cell["rating"]),
            lower=float(cell["lower"]) if cell["lower"] else None,
            upper=float(cell["upper"]) if cell["upper"] else None,
        )
        rating.clean_fields()
    except ValueError as problem:
        raise UnreadableRatings(f"{where}: expected a date such as 2024-05-01 and numbers: {problem}.") from None
    except ValidationError as problem:
        raise UnreadableRatings(f"{where}: {'; '.join(problem.messages)}") from None
    if not all(math.isfinite(figure) for figure in (rating.rating, rating.lower or 0, rating.upper or 0)):
        raise UnreadableRatings(f"{where}: a rating is a finite number; found {cell['rating']}.")
    return rating
