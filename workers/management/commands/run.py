"""A run from the command line: known contenders and judges by name, new ones by the address of their endpoint."""

import json
import os
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from apps.contenders.models import Contender
from apps.contenders.operations import ensure_contender
from apps.endpoints.address import UnusableAddress
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import ensure_endpoint
from apps.judging.models import Judge
from apps.judging.operations import ensure_judge, judge_slug
from apps.prompts.builtin import BUILTIN_SETS
from apps.prompts.models import PromptSet
from apps.prompts.operations import ensure_builtin_set
from apps.ratings.operations import ensure_board
from apps.runs.models import Run
from apps.runs.operations import RunCannotStart, create_run, plan_run
from judgeboard.arena.protocols import PAIRWISE, PROTOCOLS


class Command(BaseCommand):
    help = (
        "Starts a run. Models and judges that are not known yet are registered at --base-url and --judge-base-url "
        "(or JUDGEBOARD_JUDGE_BASE_URL, _MODEL, _KEY). The workers do the rest: `manage.py serve` or `manage.py work`."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        add = parser.add_argument
        add("--prompt-set", required=True, help="slug of a prompt set; built-in ones are loaded when needed")
        add("--models", required=True, help="comma-separated names")
        add("--base-url", default="", help="OpenAI-compatible address at which unknown models are registered")
        add("--key-env", default="", help="environment variable with the key for --base-url")
        add("--judges", default="", help="comma-separated names or slugs")
        add("--judge-base-url", default=os.environ.get("JUDGEBOARD_JUDGE_BASE_URL", ""))
        add("--protocol", default=None, choices=PROTOCOLS, help="how judges that are registered now judge")
        add("--judge-key-env", default="JUDGEBOARD_JUDGE_KEY")
        add("--board", default="main", help="slug of the board; made if there is none")
        add("--pairs-per-prompt", type=int, default=None, help="a sample of pairs; without it every pair meets")
        add("--seed", type=int, default=1)
        add("--json", action="store_true", dest="as_json", help="say the result as one line of JSON")

    def handle(self, *args: Any, **given: Any) -> None:
        prompt_set = _prompt_set(given["prompt_set"])
        try:
            contenders = [_contender(name, given) for name in _words(given["models"])]
            judges = [
                _judge(name, given) for name in _words(given["judges"] or os.environ.get("JUDGEBOARD_JUDGE_MODEL", ""))
            ]
            run = _start(given, prompt_set, contenders, judges)
        except (UnusableAddress, RunCannotStart) as problem:
            raise CommandError(str(problem)) from None
        told = {
            "run": run.pk,
            "board": run.board.slug,
            "models": [c.name for c in contenders],
            "judges": [str(j) for j in judges],
        }
        self.stdout.write(json.dumps(told) if given["as_json"] else f"Run {run.pk} is planned; see /runs/{run.pk}/.")


def _start(given: dict[str, Any], prompt_set: PromptSet, contenders: list[Contender], judges: list[Judge]) -> Run:
    slug = given["board"]
    run = create_run(
        board=ensure_board(slug=slug, title=slug.replace("-", " ").capitalize()),
        prompt_sets=[prompt_set],
        contenders=contenders,
        judges=judges,
        pairs_per_prompt=given["pairs_per_prompt"],
        seed=given["seed"],
    )
    plan_run(run=run, now=timezone.now())
    return run


def _prompt_set(slug: str) -> PromptSet:
    try:
        return ensure_builtin_set(slug=slug)
    except KeyError:
        known = ", ".join(sorted({*BUILTIN_SETS, *PromptSet.objects.values_list("slug", flat=True)}))
        raise CommandError(f"There is no prompt set {slug!r}; known: {known}.") from None


def _contender(name: str, given: dict[str, Any]) -> Contender:
    known = Contender.objects.filter(name=name).first() or Contender.objects.filter(slug=name).first()
    return known or ensure_contender(
        name=name, endpoint=_endpoint(name, "--base-url", given["base_url"], given["key_env"])
    )


def _judge(name: str, given: dict[str, Any]) -> Judge:
    slug = judge_slug(name)
    known = Judge.objects.filter(slug__in=(name, slug)).order_by("-version").first()
    protocol = given["protocol"]
    if known and protocol not in (None, known.protocol):
        raise CommandError(
            f"{known} judges by {known.protocol}, not {protocol}; change it in the admin, which makes a version."
        )
    if known:
        return known
    endpoint = _endpoint(name, "--judge-base-url", given["judge_base_url"], given["judge_key_env"])
    # Whoever has this machine's shell is a maintainer, and has said that it shall judge.
    return ensure_judge(slug=slug, name=name, endpoint=endpoint, admitted=True, protocol=protocol or PAIRWISE.slug)


def _endpoint(name: str, option: str, base_url: str, key_env: str) -> Endpoint:
    if not base_url:
        raise CommandError(f"{name!r} is not known; give {option} to register it.")
    return ensure_endpoint(base_url=base_url, model=name, key=os.environ.get(key_env, ""))


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
