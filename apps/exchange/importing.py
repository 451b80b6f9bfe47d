"""Files -> rows of the database: sniffed, put in order, read line by line, written in batches, counted."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from apps.exchange.answers import read_answer, store_answers
from apps.exchange.battles import read_battle, store_battles
from apps.exchange.boards import boards_of_import, own_board
from apps.exchange.evidence import store_said
from apps.exchange.files import Row, files_in, rows
from apps.exchange.kinds import Kind, LeftAlone, kind_of
from apps.exchange.known import KnownPrompts, prompt_set_of
from apps.exchange.outputs import read_output, store_outputs
from apps.exchange.owning import slug_of
from apps.exchange.prompts import (
    read_prompt,
    read_question,
    read_reference,
    store_prompts,
    store_questions,
    store_references,
)
from apps.exchange.report import BadRow, FileReport, ImportReport
from apps.exchange.said import judge_rule, read_cleaned, read_games, read_pair
from apps.humans.models import Vote
from apps.judging.models import Judge, Judgment
from apps.prompts.models import PromptSet
from apps.prompts.operations import freeze_prompt_set
from apps.ratings.models import Board
from apps.ratings.operations import link_published_ratings, refit_board

BATCH = 2000
MT_BENCH = "mt-bench"
CHANGE_RANKINGS = (Kind.PAIRS, Kind.VERDICTS, Kind.VOTES, Kind.BATTLES, Kind.GAMES)

Reader = Callable[[Row], Any]
Store = Callable[[list[tuple[int, Any]]], object]


class WouldRollBack(Exception):
    """Ends the transaction of a dry run."""


@dataclass
class Import:
    """One import: what was asked for, and what the files of it share."""

    now: datetime
    prompt_set: str = ""  # empty: mt-bench; plain prompts make a set named after their file
    board: str = ""  # empty: named like the prompt set
    raters: str = ""  # "judge" or "votes"; empty: each rater's name decides
    private_to: User | None = None  # whose all of it is alone, in a set of their own, which `prompt_set` names then
    judges: set[int] = field(default_factory=set)  # that spoke in these files
    named: list[str] = field(default_factory=list)  # sets named after their files
    battled: list[str] = field(default_factory=list)  # those of them that verdicts came along with

    @cached_property
    def is_judge(self) -> Callable[[str], bool]:
        """Whether a rater of this name is a judge, as the site stands before the import."""
        return judge_rule(self.raters, frozenset(Judge.objects.values_list("slug", flat=True)))

    @property
    def spoken_of(self) -> str:
        """The prompt set that answers, verdicts and votes are about."""
        return self.prompt_set or MT_BENCH


def import_files(paths: Iterable[Path], wanted: Import, *, dry_run: bool = False) -> ImportReport:
    """Imports what it can read of the files and folders, in the order of `Kind`; imported again, nothing changes.

    Every file has its counts and sentences in the report. A dry run does all the same and takes it back.
    """
    report = ImportReport([FileReport(path) for path in files_in(paths)], dry_run)
    boards: list[Board] = []
    with _taken_back(dry_run):
        for file, kind in _in_order(report.files, wanted):
            _import_file(file, kind, wanted)
        boards = _boards(report, wanted)
        shown = prompt_set_of(wanted.prompt_set or next(iter(wanted.named), MT_BENCH))
        report.prompt_set, report.prompt_set_slug = str(shown or ""), shown.slug if shown else ""
        report.boards = [board.slug for board in boards]
    if not dry_run and not wanted.private_to:  # with what is brought for oneself nobody has said anything yet
        _rate(boards, wanted.now)
    return report


def _boards(report: ImportReport, wanted: Import) -> list[Board]:
    """Of the sets that something is said about now; of what is private, the one board."""
    found = (prompt_set_of(slug) for slug in dict.fromkeys((wanted.spoken_of, *wanted.battled)))
    sets = [prompt_set for prompt_set in found if prompt_set]
    if wanted.private_to:
        return [own_board(prompt_set) for prompt_set in sets]
    boards = []
    for prompt_set in sets if report.taken else ():
        if _is_spoken_of(prompt_set):
            _freeze(prompt_set, report, wanted.now)
            slug = wanted.board or prompt_set.slug
            boards += boards_of_import(slug=slug, prompt_set=prompt_set, judges=wanted.judges)
    return boards


@contextmanager
def _taken_back(dry_run: bool) -> Iterator[None]:
    if not dry_run:
        yield
        return
    try:
        with transaction.atomic():
            yield
            raise WouldRollBack
    except WouldRollBack:
        return


def _in_order(files: list[FileReport], wanted: Import) -> list[tuple[FileReport, Kind]]:
    found = [(file, kind) for file in files if (kind := _sniff(file, wanted))]
    places = list(Kind)
    return sorted(found, key=lambda item: places.index(item[1]))


def _sniff(file: FileReport, wanted: Import) -> Kind | None:
    try:
        kind = kind_of(file.path, wanted.is_judge)
    except LeftAlone as reason:
        file.left_alone = str(reason)
        return None
    except OSError as problem:
        file.reject(0, f"The file cannot be read: {problem.strerror or problem}.")
        return None
    file.kind = kind.value
    if kind in CHANGE_RANKINGS and wanted.private_to:
        file.left_alone = "Verdicts and votes change rankings, so a maintainer imports them."
        return None
    return kind


def _import_file(file: FileReport, kind: Kind, wanted: Import) -> None:
    read, store = _handlers(kind, file, wanted)
    parsed = _parsed(rows(file.path, file.reject), read, file)
    while batch := list(islice(parsed, BATCH)):
        with transaction.atomic():
            store(batch)


def _parsed(found: Iterable[Row], read: Reader, file: FileReport) -> Iterator[tuple[int, Any]]:
    for row in found:
        try:
            yield row.line, read(row)
        except BadRow as problem:
            file.reject(row.line, str(problem))


def _handlers(kind: Kind, file: FileReport, wanted: Import) -> tuple[Reader, Store]:
    """How a row of this kind is read, and how a batch of what was read is written."""
    path, slug, private_to = file.path, wanted.spoken_of, wanted.private_to
    match kind:
        case Kind.QUESTIONS:
            return read_question, partial(store_questions, slug, report=file, private_to=private_to)
        case Kind.PROMPTS:
            own = _set_of(file, wanted)
            return read_prompt, partial(store_prompts, own, report=file, private_to=private_to)
        case Kind.REFERENCES:
            return read_reference, partial(store_references, slug, report=file)
        case Kind.ANSWERS:
            store = partial(store_answers, report=file, private_to=private_to)
            return partial(read_answer, prompts=KnownPrompts(slug)), store
        case Kind.OUTPUTS:
            own = _set_of(file, wanted)
            read = partial(read_output, file_name=path.name.split(".")[0])
            return read, partial(store_outputs, own, report=file, private_to=private_to)
        case Kind.BATTLES:
            own = _set_of(file, wanted)
            wanted.battled.append(own)
            battle = partial(read_battle, file_name=path.name.split(".")[0], is_judge=wanted.is_judge)
            return battle, partial(_store_battles, own, file, wanted)
        case Kind.GAMES:
            return partial(read_games, prompts=KnownPrompts(slug)), partial(_store_said, file, wanted)
        case Kind.PAIRS:
            return partial(read_pair, prompts=KnownPrompts(slug)), partial(_store_said, file, wanted)
        case Kind.VERDICTS | Kind.VOTES:
            cleaned = partial(read_cleaned, prompts=KnownPrompts(slug), is_judge=wanted.is_judge)
            return cleaned, partial(_store_said, file, wanted)


def _store_said(file: FileReport, wanted: Import, read: list[tuple[int, Any]]) -> None:
    wanted.judges |= store_said(read, file, wanted.now)


def _store_battles(slug: str, file: FileReport, wanted: Import, read: list[tuple[int, Any]]) -> None:
    wanted.judges |= store_battles(slug, read, file, wanted.now)


def _set_of(file: FileReport, wanted: Import) -> str:
    """The set that the prompts of a file make or go into: the one asked for, else one named after the file."""
    if wanted.prompt_set:
        return wanted.prompt_set
    wanted.named.append(slug_of(file.path))
    return wanted.named[-1]


def _is_spoken_of(prompt_set: PromptSet) -> bool:
    judged = Judgment.objects.filter(match__prompt__prompt_set=prompt_set)
    return judged.exists() or Vote.objects.filter(match__prompt__prompt_set=prompt_set).exists()


def _freeze(prompt_set: PromptSet, report: ImportReport, now: datetime) -> None:
    """Verdicts refer to this version, so it stays as it is; unless a question is still to be put right."""
    refused = any(file.rejected for file in report.files if file.kind == Kind.QUESTIONS.value)
    if not prompt_set.is_frozen and not refused:
        freeze_prompt_set(prompt_set=prompt_set, now=now)


def _rate(boards: list[Board], now: datetime) -> None:
    link_published_ratings()
    for board in boards:
        refit_board(board=board, now=now)
