"""Web, workers and tick on one machine, with the settings of the environment; ends all of them together."""

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser, call_command

from workers.processes import Processes, end_like_interrupted, free_port, start_site


class Command(BaseCommand):
    help = "Runs web, workers and tick together until Ctrl-C (docker-compose.yml does the same with containers)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="port of the web pages, if it is free")

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        end_like_interrupted()
        call_command("migrate", verbosity=0)
        port = free_port(port)
        with Processes(settings.VAR_DIR / "logs") as processes:
            start_site(processes, port=port)
            self.stderr.write(f"judgeboard is at http://127.0.0.1:{port}/ until Ctrl-C. Logs: {processes.logs}")
            try:
                processes.tend_until_interrupted()
            except KeyboardInterrupt:
                self.stderr.write("Ending.")
