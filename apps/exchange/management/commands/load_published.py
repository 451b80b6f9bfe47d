import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.exchange.published import BUILTIN, COLUMNS, UnreadableRatings, load_published_ratings


class Command(BaseCommand):
    help = (
        "Loads human ratings published elsewhere and ties them to the models of the same name. Loaded again, nothing "
        f"changes. A file of your own: CSV with the columns {', '.join(COLUMNS)}."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, default=BUILTIN, help="default: the Arena of 1 May 2024")
        parser.add_argument("--json", action="store_true", help="print the counts as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load_published_ratings(options["path"])
        except UnreadableRatings as problem:
            raise CommandError(str(problem)) from None
        told = (
            f"{options['path'].name}: {counts.new} new, {counts.changed} corrected, {counts.unchanged} unchanged; "
            f"{counts.linked} tied to models of this site."
        )
        self.stdout.write(json.dumps(asdict(counts)) if options["json"] else told)
