"""Reads the stored replies of judges again. No model is called."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.judging.models import Judge
from apps.judging.rereading import KINDS, Reread, read_again


class Command(BaseCommand):
    help = (
        "Reads what judges said again, with the present reader and without a call. Ratings follow by themselves. "
        "Imported verdicts stay as they were published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--judge", default=None, help="slug of one judge, in all its versions; without it all judges"
        )
        parser.add_argument("--dry-run", action="store_true", help="count only, change nothing")
        parser.add_argument("--json", action="store_true", dest="as_json", help="say the result as one line of JSON")

    def handle(self, *args: Any, judge: str | None, dry_run: bool, as_json: bool, **options: Any) -> None:
        if judge is not None and not Judge.objects.filter(slug=judge).exists():
            known = ", ".join(sorted(set(Judge.objects.values_list("slug", flat=True)))) or "none"
            raise CommandError(f"There is no judge {judge!r}; known: {known}.")
        now = timezone.now()
        told = {kind: read_again(model, judge_slug=judge, now=now, dry_run=dry_run) for kind, model in KINDS.items()}
        if as_json:
            counts = {kind: asdict(counted) for kind, counted in told.items()}
            self.stdout.write(json.dumps({**counts, "dry_run": dry_run}))
            return
        for kind, counted in told.items():
            self.stdout.write(_line(kind, counted))
        if dry_run:
            self.stdout.write("Nothing was changed (--dry-run).")


def _line(kind: str, told: Reread) -> str:
    return (
        f"{kind}: {told.unchanged} unchanged, {told.now_readable} now readable, "
        f"{told.now_unreadable} now unreadable, {told.changed} changed."
    )
