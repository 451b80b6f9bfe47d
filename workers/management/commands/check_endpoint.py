"""Tries an endpoint by the very code path of a run, without writing anything down."""

import asyncio
import json
import os
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser

from apps.endpoints.address import UnusableAddress, check_base_url
from apps.endpoints.models import EndpointCheck
from judgeboard.llm.client import Endpoint, Speaker
from judgeboard.llm.errors import CallFailed
from judgeboard.llm.guard import networks
from workers.steps.check_endpoint import check


class Command(BaseCommand):
    help = (
        "Tries an endpoint: reachable, key accepted, model listed, replies, parameters accepted, "
        "and whether it binds replies to a JSON schema and tells log-probabilities, which is no fault if not. "
        "The exit code is 1 if it does not reply."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("base_url", help="for example https://api.example.com/v1")
        parser.add_argument("--model", required=True)
        parser.add_argument("--key-env", default="", help="name of the environment variable that holds the key")
        parser.add_argument("--json", action="store_true", dest="as_json", help="say the result as one line of JSON")

    def handle(self, *args: Any, base_url: str, model: str, key_env: str, as_json: bool, **options: Any) -> None:
        if key_env and key_env not in os.environ:
            raise CommandError(f"There is no environment variable {key_env}.")
        try:
            endpoint = Endpoint(check_base_url(base_url), model, os.environ.get(key_env, ""), deadline=60)
        except UnusableAddress as problem:
            raise CommandError(str(problem)) from None
        try:
            ticks = asyncio.run(_check(endpoint))
        except CallFailed as failure:
            raise CommandError(str(failure)) from None
        self.stdout.write(json.dumps(ticks) if as_json else _as_lines(ticks))
        if not ticks["replies"]:
            raise CommandError(ticks.get("problem", "The endpoint does not reply."))


async def _check(endpoint: Endpoint) -> dict[str, Any]:
    async with Speaker(endpoint, allowed=networks(settings.ALLOWED_NETWORKS)) as speaker:
        return await check(speaker, endpoint.model)


def _as_lines(ticks: dict[str, Any]) -> str:
    marks = {True: "yes", False: "NO", None: "not tried"}
    names = (*EndpointCheck.TICKS, *EndpointCheck.ABILITIES)
    return "\n".join(f"{name.replace('_', ' '):>20}  {marks[ticks.get(name)]}" for name in names)
