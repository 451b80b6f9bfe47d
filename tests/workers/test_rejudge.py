import json
import shlex
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from apps.judging.models import Judge
from apps.runs.models import Run
from apps.runs.operations import create_run
from tests import stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    prompts = stage.prompt_set()
    models = [stage.contender(name, endpoint=True) for name in ("Alder Tree", "Birch")]
    judge = stage.judge(instructions="Be strict.", protocol="pairwise-5", family="oak", max_tokens=99)
    return create_run(
        board=stage.board(prompts), prompt_sets=[prompts], contenders=models, judges=[judge], pairs_per_prompt=1, seed=5
    )


def rejudge(*options: str) -> str:
    out = StringIO()
    call_command("rejudge", "--judge", *options, stdout=out)
    return out.getvalue()


def test_the_next_version_has_the_same_settings_and_older_runs_keep_theirs(run):
    told = json.loads(rejudge("strict", "--json"))

    assert ("strict", 2) == (told["judge"], told["version"])
    settings = ("name", "endpoint", "instructions", "protocol", "family", "max_tokens", "temperature")
    older, newer = Judge.objects.order_by("version").values(*settings)
    assert older == newer
    assert [1] == list(run.judges.values_list("version", flat=True))


def test_the_printed_command_is_the_same_wish_with_the_new_version(run):
    (command,) = json.loads(rejudge("strict", "--json"))["commands"]
    python, manage, *arguments = shlex.split(command)

    call_command(*arguments, stdout=StringIO())

    again = Run.objects.exclude(pk=run.pk).get()
    assert ("python", "manage.py", [2]) == (python, manage, list(again.judges.values_list("version", flat=True)))
    assert set(run.contenders.all()) == set(again.contenders.all())
    assert (run.board, 1, 5) == (again.board, again.pairs_per_prompt, again.seed)


def test_a_board_that_counts_named_judges_only_is_told(run):
    run.board.judges.set(run.judges.all())

    assert "add Strict v2 to them in the admin: everyday." in rejudge("strict")


def test_a_judge_nobody_knows_or_can_ask_is_refused_and_nothing_is_made(run):
    stage.judge("paper", endpoint=False)
    for slug, sentence in (("lax", "no judge 'lax'; known: paper, strict"), ("paper", "imported verdicts only")):
        with pytest.raises(CommandError, match=sentence):
            rejudge(slug)
    assert 2 == Judge.objects.count()
