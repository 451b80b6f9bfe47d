"""The simulator as a command; `--help` lists its own options."""

import sys
from typing import Any

from django.core.management import BaseCommand

from judgeboard.llm.simulator.command import main


class Command(BaseCommand):
    help = "Serves simulated contenders, judges and people on an OpenAI-compatible endpoint."
    requires_system_checks = []

    def run_from_argv(self, argv: list[str]) -> None:
        sys.exit(main(argv[2:]))

    def handle(self, *args: Any, **options: Any) -> None:
        main(list(args))
