"""A real language model goes the whole way: submitted, checked, asked, judged, rated, shown.

SmolLM2 with 135 million weights is a real answerer and, by itself, no judge at all. Two judges are made of it:

- *free* says what it likes. That is hardly ever a legal verdict: it copies the frame of the question or answers it
  anew. So its judgments end as unusable, with their text kept, and change no rating.
- *guided* is held to the four legal verdicts and chooses by its own probabilities. It goes by an answer's place rather
  than by the answer: shown in the other order, the same match mostly gets the other verdict, so it is worth a draw.

So nothing is asserted about quality, here or in any figure; what they did is printed.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import httpx
import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import reverse

from apps.contenders.models import Contender, Output
from apps.contenders.operations import ensure_contender
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.endpoints.operations import ensure_endpoint
from apps.judging.models import Judge, Judgment
from apps.judging.operations import ensure_judge
from apps.leases.models import Leased
from apps.prompts.operations import add_prompts, create_prompt_set
from apps.ratings.models import Board, Rating
from apps.ratings.operations import ensure_board
from apps.ratings.queries import latest_leaderboard
from apps.runs.models import Run
from apps.runs.queries import RunStatus, run_judgments, run_outputs, run_progress
from judgeboard.arena.outcome import Outcome
from tests.real_llm.conftest import LONGEST_REPLY, SmallModelAddress
from workers.broker_free import work
from workers.processes import Processes, free_port, start_site

pytestmark = [pytest.mark.llm, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long enough password"
PATIENCE = 300  # seconds
ASKED = (
    ("Name three rivers of Europe.",),
    ("How many legs do two spiders have? Answer in one sentence.",),
    ("Write one sentence about the sea in autumn.",),
    ("Give me a name for a grey cat.", "Now one for a white cat."),
)
SEEN = {Outcome.MODEL_A: "first", Outcome.MODEL_B: "second", Outcome.TIE: "tie", Outcome.BOTH_BAD: "both bad"}


def test_a_real_model_goes_from_the_submit_form_to_the_board(client, small_model, say):
    board = _board(ASKED)
    free, guided = _judge("free", small_model.model, small_model), _judge("guided", small_model.guided, small_model)
    run = _submitted(client, board, small_model, judges=[free, guided])

    answered = async_to_sync(work)(until_done=True, stop=asyncio.Event(), told=lambda line: None)

    # The check, 2 models x 4 prompts, and 2 judges x 4 matches x 2 orders.
    assert 1 + 8 + 16 == answered
    _assert_all_is_answered(run, outputs=8, judgments=16)
    assert {Leased.Status.DONE} == set(guided.judgments.values_list("status", flat=True))
    assert "answered" == _state_of_the_board(run)
    _assert_the_page_says_it_is_over(client.get(reverse("board:run", args=[run.pk])).content.decode())
    _tell(say, run, small_model)


def test_a_real_model_goes_through_the_real_processes(client, small_model, say, child_environment, tmp_path):
    board = _board(ASKED[:2])
    run = _submitted(client, board, small_model, judges=[_judge("guided", small_model.guided, small_model)])

    with Processes(tmp_path, environment=child_environment) as processes:
        port = free_port(0)
        start_site(processes, port=port)
        _wait_until(lambda: _state_of_the_board(run) == "answered")
        page = httpx.get(f"http://127.0.0.1:{port}{reverse('board:run', args=[run.pk])}", trust_env=False)

    # 2 models x 2 prompts, and 1 judge x 2 matches x 2 orders.
    _assert_all_is_answered(run, outputs=4, judgments=4)
    _assert_the_page_says_it_is_over(page.text)
    _tell(say, run, small_model)


def _board(asked: Sequence[Sequence[str]]) -> Board:
    prompts = create_prompt_set(slug="short", title="Short questions")
    rows = [
        {"key": f"short-{number}", "messages": [{"role": "user", "content": text} for text in texts]}
        for number, texts in enumerate(asked, 1)
    ]
    add_prompts(prompt_set=prompts, rows=rows)
    board = ensure_board(slug="short", title="Short questions")
    board.prompt_sets.add(prompts)
    return board


def _judge(slug: str, model: str, small_model: SmallModelAddress) -> Judge:
    return ensure_judge(
        slug=slug, name=slug, endpoint=_endpoint(model, small_model), max_tokens=LONGEST_REPLY, admitted=True
    )


def _endpoint(model: str, small_model: SmallModelAddress) -> Endpoint:
    return ensure_endpoint(base_url=small_model.base_url, model=model, key=small_model.key, concurrency=2)


def _submitted(client: Client, board: Board, small_model: SmallModelAddress, *, judges: list[Judge]) -> Run:
    """The run of a newcomer, submitted by a stranger, against the same model at another temperature."""
    board.judges.set(judges)
    endpoint = _endpoint(small_model.model, small_model)
    hot = ensure_contender(name="SmolLM2, hot", endpoint=endpoint, temperature=1.2, max_tokens=LONGEST_REPLY)
    client.post(reverse("sign_up"), {"username": "mary", "password1": PASSWORD, "password2": PASSWORD})
    answer = client.post(reverse("board:submit"), _filled_in(board, small_model, hot, judges))
    assert 302 == answer.status_code, answer.content.decode()
    return Run.objects.get(owner__username="mary")


def _filled_in(board: Board, small_model: SmallModelAddress, hot: Contender, judges: list[Judge]) -> dict[str, object]:
    return {
        "base_url": small_model.base_url,
        "model": small_model.model,
        "key": small_model.key,
        "name": "SmolLM2",
        "open_weights": "yes",
        "licence": "Apache-2.0",
        "prompt_sets": [prompt_set.pk for prompt_set in board.prompt_sets.all()],
        "opponents": [hot.pk],
        "judges": [judge.pk for judge in judges],
        "step": "start",
    }


def _assert_all_is_answered(run: Run, *, outputs: int, judgments: int) -> None:
    check = EndpointCheck.objects.get(endpoint=run.newcomer.endpoint)
    assert dict.fromkeys(EndpointCheck.TICKS, True) == {tick: getattr(check, tick) for tick in EndpointCheck.TICKS}
    assert outputs == run_outputs(run).count()
    for output in run_outputs(run):
        _assert_is_a_whole_answer(output)
    assert judgments == run_judgments(run).count()
    for judgment in run_judgments(run):
        _assert_ended_well(judgment)


def _assert_is_a_whole_answer(output: Output) -> None:
    assert Leased.Status.DONE == output.status, output.problem
    assert len(output.prompt.turns) == len(output.texts)
    assert all(text.strip() for text in output.texts)
    assert 0 < output.tokens_out <= LONGEST_REPLY * len(output.texts) < output.tokens_in + output.tokens_out


def _assert_ended_well(judgment: Judgment) -> None:
    """With a verdict, or without one and with a sentence that says so; its text is kept either way."""
    assert judgment.raw.strip()
    assert 0 < judgment.tokens_out
    told = (judgment.status, judgment.outcome is None, judgment.problem == "")
    assert told in [(Leased.Status.DONE, False, True), (Leased.Status.UNUSABLE, True, False)]


def _state_of_the_board(run: Run) -> str:
    """ "answered" once every verdict of the run is in the newest snapshot, with intervals that are none or not nothing."""
    run.refresh_from_db()
    if not run_progress(run).is_over:
        return "open"
    newest = latest_leaderboard(run.board)
    if newest is None or newest.n_judgments != run_judgments(run).done().count():
        return "behind"
    ratings = newest.ratings.filter(by=Rating.By.JUDGES)
    assert 2 == len(ratings)
    assert all(row.rating is None or row.upper - row.lower > 1 for row in ratings)
    return "answered"


def _wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"Not so after {PATIENCE} seconds."
        time.sleep(0.5)


def _assert_the_page_says_it_is_over(html: str) -> None:
    assert any(f'data-status="{status}"' in html for status in (RunStatus.DONE, RunStatus.PARTLY_DONE))


def _tell(say: Callable[[str], None], run: Run, small_model: SmallModelAddress) -> None:
    said = sum(run_outputs(run).values_list("tokens_out", flat=True))
    say(f"\n{small_model.model}: {small_model.tokens_per_second} tokens a second; {said} tokens of answers")
    for judge in run.judges.all():
        judgments = run_judgments(run).filter(judge=judge)
        seen = Counter(_as_seen(judgment) for judgment in judgments)
        counts = ", ".join(f"{what} {seen[what]}" for what in (*SEEN.values(), "unusable"))
        say(
            f"  judge {judge}: {counts}; the same in both orders: {_steady(judgments)} of {len(judgments) // 2} matches"
        )
    newest = latest_leaderboard(run.board)
    say(f"  run {run_progress(run).status}; board: {newest.n_judgments} verdicts, {newest.n_unusable} unusable")
    for row in newest.ratings.filter(by=Rating.By.JUDGES):
        say(f"  {row.contender}: {row.rating:.0f} (95 %: {row.lower:.0f} to {row.upper:.0f}), n = {row.n}")


def _steady(judgments: Iterable[Judgment]) -> int:
    """The number of matches with two verdicts for the same answer."""
    pairs = Counter((judgment.match_id, judgment.outcome) for judgment in judgments if judgment.outcome)
    return sum(times == 2 for times in pairs.values())


def _as_seen(judgment: Judgment) -> str:
    """The answer picked, by its place on the judge's page."""
    if judgment.outcome is None:
        return "unusable"
    outcome = Outcome(judgment.outcome)
    return SEEN[outcome if judgment.order == Judgment.Order.A_FIRST else outcome.flipped()]
