"""The workers' job without Celery and without a broker: looks into the database and does what is wanted."""

import asyncio
import json
import signal
from collections.abc import Callable
from typing import Any

from django.core.management import BaseCommand, CommandParser

from workers.broker_free import work


class Command(BaseCommand):
    help = "Does what is wanted without a broker, until it is stopped (or, with --until-done, until nothing is left)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until-done", action="store_true", help="end when nothing is wanted any more")
        parser.add_argument("--json", action="store_true", dest="as_json", help="say the result as one line of JSON")

    def handle(self, *args: Any, until_done: bool, as_json: bool, **options: Any) -> None:
        told = _silent if as_json else self.stderr.write
        answered = asyncio.run(_work(until_done, told))
        self.stdout.write(json.dumps({"answered": answered}) if as_json else f"{answered} answered.")


async def _work(until_done: bool, told: Callable[[str], Any]) -> int:
    """SIGTERM and Ctrl-C end softly: calls under way are awaited and stored."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return await work(until_done=until_done, stop=stop, told=told)


def _silent(line: str) -> None:
    """Nothing is told but the result."""
