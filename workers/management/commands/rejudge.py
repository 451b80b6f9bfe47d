"""The next version of a judge with the same settings, so that it can be asked everything anew."""

import json
import shlex
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from apps.judging.models import Judge
from apps.judging.versions import next_version
from apps.runs.models import Run


class Command(BaseCommand):
    help = (
        "Makes the next version of a judge, with the same settings. Runs that name the older versions stay as they "
        "are; the commands for runs with the new one are printed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--judge", required=True, help="slug of the judge; its newest version is taken")
        parser.add_argument("--json", action="store_true", dest="as_json", help="say the result as one line of JSON")

    def handle(self, *args: Any, judge: str, as_json: bool, **options: Any) -> None:
        older = Judge.objects.filter(slug=judge).order_by("-version").first()
        if older is None:
            known = ", ".join(sorted(set(Judge.objects.values_list("slug", flat=True)))) or "none"
            raise CommandError(f"There is no judge {judge!r}; known: {known}.")
        if older.endpoint_id is None:
            raise CommandError(f"{older} is known from imported verdicts only; a judge needs an endpoint to be asked.")
        commands = _commands(judge)
        newer = next_version(judge=older)
        boards = [board.slug for board in older.boards.all()]
        if as_json:
            told = {"judge": newer.slug, "version": newer.version, "commands": commands, "boards": boards}
            self.stdout.write(json.dumps(told))
            return
        self.stdout.write("\n".join([f"{newer} is there; nothing was asked yet.", *_advice(commands, boards, newer)]))


def _advice(commands: list[str], boards: list[str], newer: Judge) -> list[str]:
    told = ["To ask it what the older versions were asked:", *commands] if commands else []
    named = ", ".join(boards)
    return told + (
        [f"These boards count named judges only; add {newer} to them in the admin: {named}."] if boards else []
    )


def _commands(slug: str) -> list[str]:
    """One command for each wish that named the judge in any version, the newest first."""
    runs = Run.objects.filter(judges__slug=slug, cancelled_at=None).distinct().select_related("board")
    return list(dict.fromkeys(line for run in runs for line in _lines(run, slug)))


def _lines(run: Run, slug: str) -> list[str]:
    models = ",".join(run.contenders.order_by("pk").values_list("slug", flat=True))
    how = ["--models", models, "--judges", slug, "--board", run.board.slug, "--seed", str(run.seed)]
    if run.pairs_per_prompt:
        how += ["--pairs-per-prompt", str(run.pairs_per_prompt)]
    sets = dict.fromkeys(run.prompt_sets.values_list("slug", flat=True))
    return [shlex.join(["python", "manage.py", "run", "--prompt-set", prompts, *how]) for prompts in sets]
