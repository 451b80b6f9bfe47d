"""An import report as text for a terminal."""

from collections.abc import Iterator

from apps.exchange.report import FileReport, ImportReport

COLUMNS = ("file", "kind", "new", "duplicate", "rejected")
SHOWN_PROBLEMS = 10  # of one file; --json has more


def told(report: ImportReport) -> str:
    return "\n".join([*_table(report), *_remarks(report), "", *_ending(report)])


def _table(report: ImportReport) -> Iterator[str]:
    rows = [COLUMNS, *(_cells(file) for file in report.files)]
    rows.append(("", "", *_sums(report)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    for row in rows:
        texts = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
        numbers = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
        yield "  ".join(texts + numbers).rstrip()


def _cells(file: FileReport) -> tuple[str, ...]:
    name = f"{file.path.parent.name}/{file.path.name}"
    if file.left_alone:
        return name, "left alone", "", "", ""
    return name, file.kind or "unreadable", str(file.new), str(file.duplicate), str(file.rejected)


def _sums(report: ImportReport) -> tuple[str, str, str]:
    return str(report.new), str(report.taken - report.new), str(report.rejected)


def _remarks(report: ImportReport) -> Iterator[str]:
    for file in report.files:
        lines = list(_remarks_on(file))
        if lines:
            yield ""
            yield f"{file.path}:"
            yield from (f"  {line}" for line in lines)


def _remarks_on(file: FileReport) -> Iterator[str]:
    if file.left_alone:
        yield f"left alone: {file.left_alone}"
    for sentence, rows in file.notes.items():
        yield f"{rows} row{'s' * (rows != 1)}: {sentence}"
    for problem in file.problems[:SHOWN_PROBLEMS]:
        yield f"line {problem.line} rejected: {problem.reason}" if problem.line else f"rejected: {problem.reason}"
    if file.rejected > SHOWN_PROBLEMS:
        yield f"... and {file.rejected - SHOWN_PROBLEMS} more rejected rows."


def _ending(report: ImportReport) -> Iterator[str]:
    if not report.taken:
        yield "Nothing could be imported; the reasons stand above."
        return
    yield _counts(report)
    if report.dry_run:
        yield "This was a dry run: nothing was kept."
    elif report.boards and report.new:
        yield from _where_to_look(report)


def _counts(report: ImportReport) -> str:
    known = report.taken - report.new
    return f"{report.new} rows are new, {known} were there already, {report.rejected} were rejected."


def _where_to_look(report: ImportReport) -> Iterator[str]:
    yield f"Rated anew: {', '.join(report.boards)}. Look at /boards/{report.boards[0]}/ on the site, or at"
    yield f"  manage.py export leaderboard --board {report.boards[0]} --format csv"
    yield f"  manage.py export agreement --board {report.boards[0]} --format csv"
