"""Progress bars on a terminal, plain lines elsewhere; always on standard error, so that a summary stays alone."""

from collections.abc import Sequence
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from apps.runs.models import Run
from apps.runs.queries import Stage, run_progress


class Bars:
    """One bar for outputs, one for judgments, summed over runs."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description:>10}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(stderr=True))
        self._bars: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        self._bars = {name: self._progress.add_task(name, total=None) for name in ("outputs", "judgments")}
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, runs: Sequence[Run]) -> bool:
        """Draws how far the runs have come; True when nothing in them is open any more."""
        found = [run_progress(run) for run in runs]
        self._draw("outputs", [one.outputs for one in found])
        self._draw("judgments", [one.judgments for one in found])
        return all(one.is_over for one in found)

    def _draw(self, name: str, stages: Sequence[Stage]) -> None:
        total, answered = sum(stage.total for stage in stages), sum(stage.answered for stage in stages)
        self._progress.update(self._bars[name], total=total or None, completed=answered)
