"""The wish behind a benchmark of the pipeline, in a database made for it."""

import os

import django
import httpx

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "judgeboard.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 (Django first)
from django.utils import timezone  # noqa: E402

from apps.runs.operations import plan_run  # noqa: E402
from workers.demo import prepare  # noqa: E402


def plan(base_url: str, pairs_per_prompt: int) -> None:
    """Migrates, writes the demo's runs down and plans them."""
    call_command("migrate", verbosity=0)
    models = [model["id"] for model in httpx.get(f"{base_url}/models", trust_env=False).json()["data"]]
    for run in prepare.prepare(base_url=base_url, models=models):
        run.pairs_per_prompt = pairs_per_prompt
        run.save()
        plan_run(run=run, now=timezone.now())
