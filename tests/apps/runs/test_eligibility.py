"""Who may judge: by its own human rating, by agreement with people, or because a maintainer said so."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from apps.contenders.models import Contender
from apps.judging.models import Judge, Judgment
from apps.judging.versions import next_version
from apps.matches.models import Match
from apps.ratings.evidence import board_evidence
from apps.runs.eligibility import eligible, why_not
from apps.runs.models import Run
from apps.runs.operations import RunCannotStart, create_run, plan_run
from apps.runs.plan import offer, submission_plan
from tests import cast, stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def board():
    return stage.board(stage.prompt_set(size=2))


def newcomer(**fields) -> Judge:
    return stage.judge("new", **{"admitted": False} | fields)


@pytest.mark.parametrize(("elo", "may"), [(None, False), (1149.9, False), (1150, True), (1287, True)])
def test_a_judge_of_a_high_human_elo_may_judge(board, elo, may):
    judge = newcomer(human_elo=elo)

    assert may == (judge in eligible(Judge.objects.all(), board))


def test_the_least_elo_is_a_setting(board, settings):
    settings.JUDGE_LEAST_HUMAN_ELO = 1300
    judge = newcomer(human_elo=1287)

    assert "its human Elo is 1287, where 1300 is the least" in why_not([judge], board)


def test_whom_a_maintainer_admitted_may_judge(board):
    assert "" == why_not([newcomer(admitted=True)], board)


@pytest.mark.parametrize(("agreement", "may"), [(0.59, False), (0.61, True)])
def test_a_judge_that_agrees_with_people_as_far_as_they_with_each_other_may_judge(agreement, may):
    full = cast.assemble()
    cast.stand(full)
    cast.agree(full, "humans", 0.63, 721)  # its interval begins at 0.60
    judge = newcomer()
    cast.agree(full, "New", agreement, 900, judge=judge)

    assert may == (judge in eligible(Judge.objects.all(), full.board))


def test_agreement_that_nobody_measured_lets_nobody_in():
    full = cast.assemble()
    cast.stand(full)
    cast.agree(full, "humans", None, 0)
    judge = newcomer()
    cast.agree(full, "New", 1.0, 1, judge=judge)

    assert judge not in eligible(Judge.objects.all(), full.board)


def test_a_run_with_a_judge_that_may_not_judge_is_refused_by_name_and_nothing_is_written(board):
    models = [stage.contender(name, endpoint=True) for name in ("Alder", "Birch")]

    with pytest.raises(
        RunCannotStart, match="New may not judge on Everyday: its human Elo is not known, where 1150 is"
    ):
        create_run(
            board=board, prompt_sets=board.prompt_sets.all(), contenders=models, judges=[stage.judge(), newcomer()]
        )
    assert not Run.objects.exists()


def test_a_judge_that_may_not_judge_is_not_offered(board):
    known, _ = stage.judge(), newcomer()

    assert [known] == list(offer(board, User.objects.create_user("mary")).judges)


def test_the_next_version_of_an_admitted_judge_is_admitted(board):
    assert "" == why_not([next_version(judge=newcomer(admitted=True))], board)


# --- own family -------------------------------------------------------------------------------------------------------
@pytest.fixture
def kin():
    """A family of one model and one judge, among strangers."""
    return [stage.contender("Kin", endpoint=True, family="llama"), *(stage.contender(n, endpoint=True) for n in "AB")]


def planned(board, models, judge) -> None:
    run = create_run(board=board, prompt_sets=board.prompt_sets.all(), contenders=models, judges=[judge])
    plan_run(run=run, now=timezone.now())


@pytest.mark.parametrize(("told", "matches"), [(False, 2), (True, 6)])
def test_a_judge_never_judges_its_own_family_unless_told(board, kin, told, matches):
    judge = stage.judge(family="llama", may_judge_kin=told)
    plan = submission_plan(
        prompt_sets=board.prompt_sets.all(), opponents=kin[1:], judges=[judge], board=board, family="llama"
    )
    planned(board, kin, judge)

    # 2 prompts: one pair of strangers each, and two pairs with the kin; each in both orders.
    assert 2 * matches == Judgment.objects.count()
    # The plan counts the newcomer's own matches alone: 2 prompts x 2 opponents x 2 orders, if it may be judged.
    assert (8 if told else 0) == plan.judge_calls


def test_what_a_judge_says_of_its_own_family_changes_no_rating(board, kin):
    judge, other = stage.judge(family="llama", may_judge_kin=True), stage.judge("other", family="qwen")
    prompt = board.prompt_sets.get().prompts.first()
    outputs = [stage.output(model, prompt) for model in kin]
    for match in (stage.match(outputs[0], outputs[1]), stage.match(outputs[1], outputs[2])):
        for one in (judge, other):
            stage.judgment(one, match)

    evidence = board_evidence(board)

    # Both judges on the strangers, the other one on the kin too.
    own = Match.objects.get(output_a=outputs[0]).pk
    said = set(zip(evidence.judgments.rater.tolist(), evidence.judgments.match.tolist(), strict=True))
    assert (3, False, True) == (len(said), (judge.pk, own) in said, (other.pk, own) in said)


def test_a_model_that_only_its_own_family_judged_is_not_on_the_board(board, kin):
    judge = stage.judge(family="llama", may_judge_kin=True)
    prompt = board.prompt_sets.get().prompts.first()
    stage.judgment(judge, stage.match(*(stage.output(model, prompt) for model in kin[:2])))

    assert 0 == len(board_evidence(board).judgments)
    assert () == board_evidence(board).contender_ids
    assert 3 == Contender.objects.count()
