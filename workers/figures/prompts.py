"""The prompts of a set."""

from apps.ratings.models import Figure
from apps.ratings.told import Told
from apps.ratings.told.prompts import tells
from judgeboard.charts.axes import Interval
from judgeboard.charts.prompts import Asked, prompt_map
from workers.figures.links import Row, prompt_page


def prompts(told: Told, of: Figure) -> str:
    """Each mark leads to its prompt."""
    asked = [
        Asked(
            row["prompt"],
            prompt_page(row, of),
            row["undecided"],
            _lead(row),
            tells(row),
        )
        for row in told.rows
    ]
    return prompt_map(asked, str(told.summary))


def _lead(row: Row) -> Interval:
    """Without ends where there were too few matches to tell them."""
    value, lower, upper = (row[f"discrimination{end}"] for end in ("", "_lower", "_upper"))
    return Interval(value, value if lower is None else lower, value if upper is None else upper)
