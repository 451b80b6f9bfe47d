"""A run from the command line: known contenders and judges by name, new ones by the address of their endpoint."""

import json
import os
from argparse import ArgumentTypeError
from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from apps.budgets.price import Price
from apps.contenders.models import Contender
from apps.contenders.operations import ensure_contender
from apps.endpoints.address import UnusableAddress
from apps.endpoints.models import Endpoint
from apps.endpoints.operations import ensure_endpoint, write_price
from apps.judging.models import Judge
from apps.judging.operations import ensure_judge, judge_slug
from apps.prompts.builtin import BUILTIN_SETS
from apps.prompts.models import PromptSet
from apps.prompts.operations import ensure_builtin_set
from apps.ratings.operations import ensure_board
from apps.runs.choosing import CHOOSING, wish_of
from apps.runs.estimate import Estimate, run_estimate
from apps.runs.foretold import foretold
from apps.runs.models import Run
from apps.runs.operations import RunCannotStart, create_run, plan_run
from apps.runs.queries import run_judgments, run_outputs
from judgeboard.arena.protocols import PAIRWISE, PROTOCOLS

CHOOSES = "chooses its matches in batches, by what is known so far, and stops when every model"


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
        add("--precision", type=_points, default=None, metavar="ELO", help=f"the run {CHOOSES} is known to ±ELO points")
        add("--order", action="store_true", help="the same until all neighbours are told apart, or as good as equal")
        add("--max-calls", type=int, default=None, metavar="N", help="calls to judges that such a run may make")
        add("--rule", default=None, help=f"by which it chooses them: one of {', '.join(CHOOSING)}")
        add("--seed", type=int, default=1)
        add("--budget", type=_dollars, default=None, metavar="USD", help="the run stops before it would spend more")
        for of, prefix in (("models", ""), ("judges", "judge-")):
            for side, told in (("in", "reads"), ("out", "writes")):
                help_text = f"dollars per million tokens that each of the {of} {told}; written down at their endpoints"
                add(f"--{prefix}usd-{side}", type=_dollars, default=None, metavar="USD", help=help_text)
        add("--dry-run", action="store_true", help="say what the run would come to; nothing is written or asked")
        add("--json", action="store_true", dest="as_json", help="say the result as one line of JSON")

    def handle(self, *args: Any, **given: Any) -> None:
        prompt_set = _prompt_set(given["prompt_set"])
        try:
            with transaction.atomic():
                run = _planned(given, prompt_set)
                self.stdout.write(_told_before(run, given["as_json"]) if given["dry_run"] else _told(run, given))
                transaction.set_rollback(given["dry_run"])
        except (UnusableAddress, RunCannotStart) as problem:
            raise CommandError(str(problem)) from None


def _planned(given: dict[str, Any], prompt_set: PromptSet) -> Run:
    contenders = [_contender(name, given) for name in _words(given["models"])]
    names = _words(given["judges"] or os.environ.get("JUDGEBOARD_JUDGE_MODEL", ""))
    judges = [_judge(name, given) for name in names]
    _write_price(contenders, given, "usd_in", "usd_out")
    _write_price(judges, given, "judge_usd_in", "judge_usd_out")
    return _start(given, prompt_set, contenders, judges)


def _told(run: Run, given: dict[str, Any]) -> str:
    if not given["as_json"]:
        chosen = f", and chooses its matches by {run.rule}" if run.is_adaptive else ""
        return f"Run {run.pk} is planned{chosen}; see /runs/{run.pk}/."
    models, judges = run.contenders.order_by("pk"), run.judges.order_by("pk")
    told = {"run": run.pk, "board": run.board.slug, "models": [c.name for c in models], "judges": [*map(str, judges)]}
    return json.dumps(told | ({"rule": run.rule} if run.is_adaptive else {}))


def _told_before(run: Run, as_json: bool) -> str:
    """What the run would come to, from the very rows that it would write; of one that chooses its matches, about."""
    if run.is_adaptive:
        return _foretold(run, as_json)
    outputs, judgments = (rows.open().count() for rows in (run_outputs(run), run_judgments(run)))
    found = run_estimate(run)
    if as_json:
        return json.dumps({"outputs": outputs, "judgments": judgments, **_plain(found)})
    first = f"{outputs} outputs and {judgments} judgments would be asked for; nothing was written."
    return "\n".join([first, *_lines(found)])


def _foretold(run: Run, as_json: bool) -> str:
    told = foretold(run)
    if as_json:
        return json.dumps(
            {"outputs": told.estimate.answers, "calls": told.calls, "at_most": told.at_most}
            | {"max_calls": run.max_calls, "rule": run.rule}
            | _plain(told.estimate)
        )
    about = "at most" if told.at_most else "about"
    first = (
        f"{about} {told.calls} calls to judges and {told.estimate.answers} outputs would be asked for "
        f"{wish_of(run)}; nothing was written."
    )
    return "\n".join([first[0].upper() + first[1:], *_lines(told.estimate)])


def _plain(found: Estimate) -> dict[str, Any]:
    return asdict(found) | {"usd": f"{found.usd:f}", "tokens": found.tokens._asdict()}


def _lines(found: Estimate) -> list[str]:
    return [
        f"tokens   {found.tokens.read:,} in, {found.tokens.written:,} out",
        f"cost     ${found.usd:,.4f}{_without('no price is known for', found.unpriced)}",
        f"time     {found.minutes:.1f} minutes{_without('nothing was measured yet of', found.unmeasured)}",
        f"ratings  {'not measured' if found.elo is None else f'to ±{found.elo:.0f} Elo points (95 %)'}",
    ]


def _without(why: str, names: Sequence[str]) -> str:
    return f" ({why} {', '.join(names)})" if names else ""


def _write_price(asked: Sequence[Contender | Judge], given: dict[str, Any], read: str, written: str) -> None:
    if given[read] is None and given[written] is None:
        return
    if given[read] is None or given[written] is None:
        options = [f"--{name.replace('_', '-')}" for name in (read, written)]
        raise CommandError(f"A price has both sides: give {' and '.join(options)}.")
    for one in asked:
        if one.endpoint is not None:
            write_price(endpoint=one.endpoint, price=Price(given[read], given[written]), source="manage.py run")


def _start(given: dict[str, Any], prompt_set: PromptSet, contenders: list[Contender], judges: list[Judge]) -> Run:
    slug = given["board"]
    run = create_run(
        board=ensure_board(slug=slug, title=slug.replace("-", " ").capitalize()),
        prompt_sets=[prompt_set],
        contenders=contenders,
        judges=judges,
        pairs_per_prompt=given["pairs_per_prompt"],
        **{name: given[name] for name in ("rule", "precision", "order", "max_calls")},
        seed=given["seed"],
        budget_usd=given["budget"],
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


def _dollars(text: str) -> Decimal:
    try:
        told = Decimal(text)
    except InvalidOperation:
        told = Decimal("NaN")
    if not told.is_finite() or told < 0:
        raise ArgumentTypeError(f"expected dollars, for example 2.50, found {text!r}")
    return told


def _points(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentTypeError(f"expected Elo points, for example 20, found {text!r}") from None


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
