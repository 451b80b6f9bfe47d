"""What an import did, file by file: counted, and every refusal with its place and reason."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

KEPT_PROBLEMS = 100  # sentences kept for one file, the first and the last; the count goes on


class BadRow(ValueError):
    """A row that is not taken. The sentence says what was found and what was expected."""


@dataclass(frozen=True)
class Problem:
    line: int  # 0: the file as a whole
    reason: str


@dataclass
class FileReport:
    """Counts are rows of the file. `left_alone` says why nothing in it was looked at."""

    path: Path
    kind: str = ""
    left_alone: str = ""
    new: int = 0
    duplicate: int = 0
    rejected: int = 0
    problems: list[Problem] = field(default_factory=list)
    notes: dict[str, int] = field(default_factory=dict)
    models: dict[str, int] = field(default_factory=dict)  # new answers by each

    def reject(self, line: int, reason: str) -> None:
        self.rejected += 1
        del self.problems[KEPT_PROBLEMS - 1 :]  # the last one may say why nothing behind it could be read
        self.problems.append(Problem(line, reason))

    def note(self, sentence: str, rows: int = 1) -> None:
        """Something worth knowing about rows that were taken."""
        if rows:
            self.notes[sentence] = self.notes.get(sentence, 0) + rows

    def as_dict(self) -> dict[str, Any]:
        return vars(self) | {"path": str(self.path), "problems": [vars(problem) for problem in self.problems]}


@dataclass
class ImportReport:
    files: list[FileReport]
    dry_run: bool = False
    prompt_set: str = ""
    prompt_set_slug: str = ""
    boards: list[str] = field(default_factory=list)

    @property
    def taken(self) -> int:
        return sum(file.new + file.duplicate for file in self.files)

    @property
    def new(self) -> int:
        return sum(file.new for file in self.files)

    @property
    def rejected(self) -> int:
        return sum(file.rejected for file in self.files)

    @property
    def exit_code(self) -> int:
        """0: nothing was refused (files left alone are fine); 1: some rows were; 2: nothing could be imported."""
        if not self.taken:
            return 2
        return 1 if self.rejected else 0

    def as_dict(self) -> dict[str, Any]:
        return {
            "dry_run": self.dry_run,
            "new": self.new,
            "duplicate": self.taken - self.new,
            "rejected": self.rejected,
            "prompt_set": self.prompt_set,
            "prompt_set_slug": self.prompt_set_slug,
            "boards": self.boards,
            "files": [file.as_dict() for file in self.files],
        }
