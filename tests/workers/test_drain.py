"""One drain against real HTTP: the simulator, and endpoints that say exactly what a test wants."""

import asyncio
import json
import threading
import time
from datetime import timedelta
from uuid import uuid4

import pytest
from aiohttp import web
from asgiref.sync import async_to_sync, sync_to_async
from django.utils import timezone

from apps.contenders.models import Output
from apps.contenders.operations import want_outputs
from apps.endpoints.models import Endpoint, EndpointCheck
from apps.judging.models import Judge, Judgment
from apps.leases.models import Leased
from apps.leases.operations import sweep
from apps.runs.queries import run_progress
from judgeboard.arena.judge_reply import THREE_WAY, kept
from judgeboard.llm.simulator import Faults, Options, ResponseFormat, running_simulator
from tests import stage
from tests.workers.lanes import CONTENDERS, contender_at, drain_once, drain_until_final, judge_at, planned_run, until
from tests.workers.scripted import as_text, json_body, scripted
from workers.drain import drain
from workers.steps import STEPS

pytestmark = pytest.mark.django_db

Status = Leased.Status
REMINDER = THREE_WAY.reminder


def wanted_output(base_url, *, turns=1, **settings):
    """One output wanted of a scripted contender."""
    contender = contender_at(base_url, "scripted", **settings)
    want_outputs(contenders=[contender], prompts=stage.prompt_set(turns=turns).prompts.all())
    return Output.objects.get(contender=contender)


def wanted_judgments(base_url, match, orders=("ab",)):
    judge = judge_at(base_url, "scripted")
    return [Judgment.objects.create(judge=judge, match=match, order=order) for order in orders]


def drained(row, **how):
    """The row after its lane was drained once."""
    owner = row.judge if isinstance(row, Judgment) else row.contender
    drain_once(owner.endpoint, **how)
    row.refresh_from_db()
    return row


# --- a whole run ------------------------------------------------------------------------------------------------------
def test_with_five_per_cent_of_faults_every_row_gets_its_answer():
    faults = Faults.mixed(0.05, retry_after_seconds=1, hang_seconds=5)
    with running_simulator(Options(seed=3, faults=faults)) as simulator:
        run = planned_run(simulator, contenders=4, prompt_set=stage.prompt_set(size=8, turns=2))
        Endpoint.objects.update(deadline=1)
        drain_until_final(*Endpoint.objects.all())
        counts = simulator.counts

    outputs, judgments = Output.objects.done(), Judgment.objects.done()
    # 4 x 8 outputs of two turns each; 6 pairs x 8 prompts in both orders.
    assert (32, 96) == (outputs.count(), judgments.count())
    assert {2} == {len(output.texts) for output in outputs}
    assert {"ab": 48, "ba": 48} == {order: judgments.filter(order=order).count() for order in ("ab", "ba")}
    assert run_progress(run).is_over
    asked = 32 * 2 + 96
    assert asked < counts["requests"] <= 1.6 * asked  # more than asked: faults there were


def test_the_second_turn_is_asked_with_the_first_reply_before_it():
    with scripted(lambda asked: f"Reply {len(asked['messages'])}") as endpoint:
        output = drained(wanted_output(endpoint.base_url, turns=2))

    assert (Status.DONE, ["Reply 1", "Reply 3"]) == (output.status, output.texts)
    assert ["user", "assistant", "user"] == [message["role"] for message in endpoint.asked[1]["messages"]]
    assert "Reply 1" == endpoint.asked[1]["messages"][1]["content"]


def test_both_orders_of_a_match_are_told_from_the_same_sides():
    (match,) = stage.matches(1)
    Output.objects.filter(pk=match.output_b_id).update(texts=["The better one."])

    def prefer_the_better_one(asked):
        text = as_text(asked)
        return "[[A]]" if text.index("The better one.") < text.index("Answer to turn 1.") else "[[B]]"

    with scripted(prefer_the_better_one) as endpoint:
        judgments = wanted_judgments(endpoint.base_url, match, ("ab", "ba"))
        outcomes = [drained(judgment).outcome for judgment in judgments]

    # Shown as B in one order and as A in the other, side b is preferred in both.
    assert ["model_b", "model_b"] == outcomes


# --- faults -----------------------------------------------------------------------------------------------------------
def test_a_lasting_error_fails_at_once_with_its_sentence_and_one_call():
    with running_simulator(Options(api_key="sk-right")) as simulator:
        contender = contender_at(simulator.base_url, CONTENDERS[0], key="sk-wrong")
        want_outputs(contenders=[contender], prompts=stage.prompt_set().prompts.all())
        output = drained(Output.objects.get())

        assert 1 == simulator.counts["requests"]

    assert (Status.FAILED, 1, 0) == (output.status, output.calls, output.faults)
    assert "The endpoint did not accept the key (401)." == output.problem


def test_a_passing_fault_is_counted_and_comes_back_after_the_window_it_named():
    def slow_down(asked):
        return web.Response(status=429, headers={"Retry-After": "7"})

    with scripted(slow_down) as endpoint:
        output = wanted_output(endpoint.base_url)
        started = timezone.now()
        drained(output)

    assert (Status.WANTED, 1, 1) == (output.status, output.faults, len(endpoint.asked))
    assert output.next_at >= started + timedelta(seconds=7)
    assert "The endpoint asked us to slow down (429)." == output.problem


def test_six_faults_fail_a_row_and_no_seventh_call_is_made():
    with scripted(lambda asked: web.Response(status=500)) as endpoint:
        output = wanted_output(endpoint.base_url)
        drain_until_final(output.contender.endpoint)
        output.refresh_from_db()

    assert (Status.FAILED, 6, 6) == (output.status, output.calls, len(endpoint.asked))


def test_a_slow_endpoint_costs_its_deadline_and_one_fault():
    waiting = threading.Event()
    with scripted(lambda asked: waiting.wait(20) and "Too late.") as endpoint:
        output = drained(wanted_output(endpoint.base_url, deadline=1), seconds=0.9)
        waiting.set()

    assert (Status.WANTED, 1) == (output.status, output.faults)
    assert "in time" in output.problem or "within 1 seconds" in output.problem


# --- answers of no use ------------------------------------------------------------------------------------------------
def test_an_empty_reply_is_unusable_and_nobody_judges_it():
    with running_simulator() as simulator, scripted(lambda asked: " \n") as silent:
        run = planned_run(simulator, contenders=2, prompts=2)
        Endpoint.objects.filter(model=CONTENDERS[0]).update(base_url=silent.base_url)
        drain_until_final(*Endpoint.objects.all(), rounds=2)

        assert 0 == simulator.counts["by_model"].get("sim-judge-oak", {}).get("ok", 0)

    unusable = Output.objects.filter(status=Status.UNUSABLE)
    assert {"The model answered turn 1 with an empty text."} == set(unusable.values_list("problem", flat=True))
    # 1 match on each of 2 prompts, in both orders: none was asked, none became a tie.
    assert {(Status.WAITING, None)} == set(Judgment.objects.values_list("status", "outcome"))
    assert 4 == Judgment.objects.count()
    assert run_progress(run).is_over


def test_a_judge_without_a_verdict_is_asked_once_more_and_then_believed_to_have_none():
    (match,) = stage.matches(1)
    with scripted(lambda asked: f"I like both ({len(asked['messages'])}).") as endpoint:
        judgment = drained(wanted_judgments(endpoint.base_url, match)[0])

    assert (Status.UNUSABLE, None) == (judgment.status, judgment.outcome)
    assert kept(["I like both (2).", "I like both (4)."]) == judgment.raw
    assert REMINDER == endpoint.asked[1]["messages"][-1]["content"]
    assert 2 == len(endpoint.asked)
    assert judgment.problem


def test_a_judge_that_recalls_the_form_when_reminded_is_heard_and_both_replies_are_kept():
    (match,) = stage.matches(1)
    with scripted(lambda asked: "[[TIE]]" if REMINDER in as_text(asked) else "Both are fine.") as endpoint:
        judgment = drained(wanted_judgments(endpoint.base_url, match)[0])

    assert (Status.DONE, "tie") == (judgment.status, judgment.outcome)
    assert ("Both are fine.", kept(["Both are fine.", "[[TIE]]"])) == (judgment.reason, judgment.raw)


def test_outputs_that_do_not_fit_their_prompt_fail_alone():
    fine, broken = stage.matches(2, turns=2)
    Output.objects.filter(pk=broken.output_a_id).update(texts=["Only one."])
    with scripted(lambda asked: "[[A]]") as endpoint:
        (good,) = wanted_judgments(endpoint.base_url, fine)
        (bad,) = wanted_judgments(endpoint.base_url, broken)
        drain_once(good.judge.endpoint)
    good.refresh_from_db()
    bad.refresh_from_db()

    assert (Status.DONE, Status.FAILED) == (good.status, bad.status)
    assert bad.problem.startswith("What was answered cannot be judged:")
    assert 1 == len(endpoint.asked)


def test_text_that_no_database_can_hold_is_stored_with_replacement_characters():
    with scripted(lambda asked: "one\x00two \ud800 three \u202e four") as endpoint:
        output = drained(wanted_output(endpoint.base_url))

    assert (Status.DONE, ["one\ufffdtwo \ufffd three \u202e four"]) == (output.status, output.texts)


@pytest.mark.parametrize(
    "fields",
    [
        {"usage": {"prompt_tokens": 10**12, "completion_tokens": 1, "total_tokens": 1}},
        {"usage": {"prompt_tokens": -1, "completion_tokens": 1, "total_tokens": 1}},
        {"usage": {"prompt_tokens": 10**30, "completion_tokens": 1, "total_tokens": 1}},
        {"choices": [{"index": 0, "message": {"role": "assistant", "content": "Hm."}, "finish_reason": "st\x00op"}]},
        {"model": "m\x00" * 5000},
    ],
    ids=["beyond a column", "negative", "beyond every integer", "NUL in the reason", "a long name"],
)
def test_a_reply_with_senseless_fields_costs_at_most_its_own_row(fields):
    with scripted(lambda asked: json_body("Hm.", **fields) if "Question 1" in as_text(asked) else "Fine.") as endpoint:
        contender = contender_at(endpoint.base_url, "scripted")
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=3).prompts.all())
        drain_until_final(contender.endpoint)

    odd, *others = Output.objects.order_by("prompt__position")
    assert [Status.DONE, Status.DONE] == [output.status for output in others]
    assert odd.status in (Status.DONE, Status.FAILED)
    assert bool(odd.problem) == (odd.status == Status.FAILED)
    assert len(endpoint.asked) <= 2 + 6


# --- protocols --------------------------------------------------------------------------------------------------------
def test_a_judge_with_five_grades_says_how_much_better_told_from_the_sides():
    (match,) = stage.matches(1)
    with scripted(lambda asked: "[[A>>B]]") as endpoint:
        judge_at(endpoint.base_url, "scripted")
        Judge.objects.update(protocol="pairwise-5")
        judgments = wanted_judgments(endpoint.base_url, match, ("ab", "ba"))
        told = [(row.outcome, row.grade) for row in map(drained, judgments)]

    # A much better is side a where it is shown first, and side b where that one is.
    assert [("model_a", 2), ("model_b", -2)] == told
    assert "[[B>>A]] if answer B is much better" in as_text(endpoint.asked[0])


def test_a_judge_without_grades_leaves_the_grade_empty():
    (match,) = stage.matches(1)
    with scripted(lambda asked: "[[A]]") as endpoint:
        judgment = drained(wanted_judgments(endpoint.base_url, match)[0])

    assert ("model_a", None) == (judgment.outcome, judgment.grade)


def test_a_judge_that_answers_first_is_told_so_and_read_by_its_last_line():
    (match,) = stage.matches(1)
    reply = "My answer:\nForty-two, not [[B]].\n\nComparison:\nA says so too.\n[[A]]"
    with scripted(lambda asked: reply) as endpoint:
        judge_at(endpoint.base_url, "scripted")
        Judge.objects.update(protocol="own-answer-first")
        judgment = drained(wanted_judgments(endpoint.base_url, match)[0])

    assert "write your own answer to the question" in as_text(endpoint.asked[0])
    assert ("model_a", "My answer:") == (judgment.outcome, judgment.reason.splitlines()[0])


def test_a_judge_whose_protocol_is_unknown_is_not_asked_and_says_which_there_are():
    (match,) = stage.matches(1)
    with scripted(lambda asked: "[[A]]") as endpoint:
        judge_at(endpoint.base_url, "scripted")
        Judge.objects.update(protocol="imported")
        judgment = drained(wanted_judgments(endpoint.base_url, match)[0])

    assert (Status.FAILED, []) == (judgment.status, endpoint.asked)
    assert "There is no protocol 'imported'; expected one of pairwise-1" in judgment.problem


def checked_for_schemas(judge):
    """As a check leaves it that found the judge's endpoint to bind its replies."""
    EndpointCheck.objects.create(
        endpoint=judge.endpoint, structured=True, status=Status.DONE, answered_at=timezone.now()
    )


def test_where_the_last_check_said_so_a_judge_is_asked_for_an_object():
    (match,) = stage.matches(1)
    with running_simulator(Options(response_format=ResponseFormat.OBEYED)) as simulator:
        judge = judge_at(simulator.base_url)
        checked_for_schemas(judge)
        judgment = drained(Judgment.objects.create(judge=judge, match=match, order="ab"))

    said = json.loads(judgment.raw)
    assert (Status.DONE, said["reason"], 1) == (judgment.status, judgment.reason, judgment.calls)
    assert said["verdict"] in THREE_WAY.tokens


def test_without_such_a_check_no_schema_is_sent():
    (match,) = stage.matches(1)
    with scripted(lambda asked: "[[A]]") as endpoint:
        drained(wanted_judgments(endpoint.base_url, match)[0])

    assert "response_format" not in endpoint.asked[0]


def test_an_endpoint_that_refuses_the_schema_after_all_is_asked_in_plain_words():
    (match,) = stage.matches(1)
    refuse = web.Response(status=400)
    with scripted(lambda asked: refuse if "response_format" in asked else "Hm.\n[[B]]") as endpoint:
        (judgment,) = wanted_judgments(endpoint.base_url, match)
        checked_for_schemas(judgment.judge)
        drained(judgment)

    assert (Status.DONE, "model_b", 2) == (judgment.status, judgment.outcome, judgment.calls)
    assert ["response_format" in asked for asked in endpoint.asked] == [True, False]


# --- time and turns ---------------------------------------------------------------------------------------------------
def test_a_drain_ends_with_its_slice_and_gives_back_what_it_did_not_ask():
    with running_simulator(Options(latency_seconds=0.1)) as simulator:
        contender = contender_at(simulator.base_url, CONTENDERS[0], concurrency=2)
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=60).prompts.all())
        told = drain_once(contender.endpoint, seconds=0.5)

        # Every call made was awaited and stored: none is paid for and lost.
        assert told.answered == Output.objects.done().count() == simulator.counts["requests"]

    assert 0 < told.answered < 60
    assert 60 - told.answered == Output.objects.wanted().filter(lease_token=None, calls=0).count()
    assert Endpoint.objects.get().lane_token is None


async def drain_and_stop(endpoint_id, asked):
    """Tells a drain to stop once `asked` is true."""
    stop = asyncio.Event()
    draining = asyncio.create_task(drain(endpoint_id, stop=stop))
    await until(asked)
    stop.set()
    return await draining


def test_a_drain_that_is_told_to_stop_stores_what_is_under_way():
    with running_simulator(Options(latency_seconds=0.1)) as simulator:
        contender = contender_at(simulator.base_url, CONTENDERS[0], concurrency=2)
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=60).prompts.all())
        told = async_to_sync(drain_and_stop)(contender.endpoint.pk, lambda: simulator.counts["requests"])

        assert told.answered == Output.objects.done().count() == simulator.counts["requests"]

    assert 0 < told.answered < 60
    assert not Output.objects.leased().exists()


def test_a_call_that_outlasts_the_patience_of_whoever_told_us_to_stop_is_cut_off_and_its_row_given_back(monkeypatch):
    monkeypatch.setattr("workers.drain.LAST_WORDS", 0.2)
    never = threading.Event()
    with scripted(lambda asked: str(never.wait(60))) as endpoint:
        output = wanted_output(endpoint.base_url)
        started = time.monotonic()
        told = async_to_sync(drain_and_stop)(output.contender.endpoint_id, lambda: endpoint.asked)
        took = time.monotonic() - started
        never.set()

    output.refresh_from_db()
    assert (0, Status.WANTED, None) == (told.answered, output.status, output.lease_token)
    assert took < 30
    assert Endpoint.objects.get().lane_token is None


def test_two_drains_on_one_lane_make_no_call_twice():
    async def drain_twice_at_once(endpoint_id):
        return await asyncio.gather(*(drain(endpoint_id) for _ in range(4)))

    with running_simulator(Options(latency_seconds=0.02)) as simulator:
        contender = contender_at(simulator.base_url, CONTENDERS[0])
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=20).prompts.all())
        told = async_to_sync(drain_twice_at_once)(contender.endpoint.pk)

        assert (20, 0) == (simulator.counts["requests"], simulator.counts["repeated"])

    assert [False, False, False, True] == sorted(one.held for one in told)
    assert 20 == Output.objects.done().count()


@pytest.mark.django_db(transaction=True)
def test_drains_in_threads_of_their_own_make_no_call_twice():
    with running_simulator(Options(latency_seconds=0.02)) as simulator:
        run = planned_run(simulator, contenders=2, prompts=8)
        lanes = list(Endpoint.objects.values_list("pk", flat=True))
        threads = [threading.Thread(target=_drain_on_own_connection, args=(lanes,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        drain_until_final(*Endpoint.objects.all())

        # 2 x 8 outputs, and 8 matches in both orders.
        assert (32, 0) == (simulator.counts["requests"], simulator.counts["repeated"])

    assert run_progress(run).is_over
    assert (16, 16) == (Output.objects.done().count(), Judgment.objects.done().count())


def _drain_on_own_connection(lanes):
    from django.db import connection

    try:
        for lane in lanes:
            async_to_sync(drain)(lane)
    finally:
        connection.close()


def test_the_answer_of_a_drain_that_was_stopped_past_its_lease_is_dropped():
    continued = threading.Event()

    def answer(asked):
        if len(endpoint.asked) == 1:
            continued.wait(20)
            return "The first, too late."
        return "The second."

    async def stall_and_take_over(endpoint_id):
        stalled = asyncio.create_task(drain(endpoint_id))
        await until(lambda: endpoint.asked)
        later = timezone.now() + timedelta(minutes=5)
        for step in STEPS:
            await sync_to_async(sweep)(step.model, now=later)
        took_over = await drain(endpoint_id, clock=lambda: later)
        continued.set()
        return await stalled, took_over

    with scripted(answer) as endpoint:
        output = wanted_output(endpoint.base_url)
        stalled, took_over = async_to_sync(stall_and_take_over)(output.contender.endpoint.pk)
    output.refresh_from_db()

    assert (0, 1) == (stalled.answered, took_over.answered)
    assert ["The second."] == output.texts


def test_a_drain_that_lost_its_lane_begins_nothing_new(settings):
    settings.LEASE_HEARTBEAT = 0.05
    continued = threading.Event()

    async def lose_the_lane(endpoint_id):
        draining = asyncio.create_task(drain(endpoint_id))
        await until(lambda: endpoint.asked)
        theirs = timezone.now() + timedelta(minutes=5)
        await sync_to_async(Endpoint.objects.update)(lane_token=uuid4(), lane_until=theirs)
        told = await draining
        continued.set()
        return told

    with scripted(lambda asked: continued.wait(20) and "Too late.") as endpoint:
        contender = contender_at(endpoint.base_url, "scripted", concurrency=1)
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=6).prompts.all())
        told = async_to_sync(lose_the_lane)(contender.endpoint.pk)

        assert 1 == len(endpoint.asked)
    assert (False, 0) == (told.held, told.answered)


def test_rows_that_a_slow_moment_freed_are_taken_back_while_their_calls_are_under_way(settings):
    settings.LEASE_HEARTBEAT = 0.05
    continued = threading.Event()

    async def miss_a_heartbeat(endpoint_id):
        draining = asyncio.create_task(drain(endpoint_id))
        await until(lambda: len(endpoint.asked) == 2)
        later = timezone.now() + timedelta(minutes=5)
        assert 3 == await sync_to_async(sweep)(Output, now=later)  # the third has been claimed ahead
        leased = sync_to_async(lambda: Output.objects.leased().count() == 3)
        for _ in range(200):
            if await leased():
                break
            await asyncio.sleep(0.02)
        continued.set()
        return await draining

    with scripted(lambda asked: continued.wait(20) and "Heard all the same.") as endpoint:
        contender = contender_at(endpoint.base_url, "scripted", concurrency=2)
        want_outputs(contenders=[contender], prompts=stage.prompt_set(size=3).prompts.all())
        told = async_to_sync(miss_a_heartbeat)(contender.endpoint.pk)

        assert 3 == len(endpoint.asked)
    assert 3 == told.answered == Output.objects.done().count()


# --- keys -------------------------------------------------------------------------------------------------------------
def test_a_key_is_sent_to_the_origin_it_was_entered_for_and_nowhere_else():
    with scripted(lambda asked: "Hello.") as entered_for, scripted(lambda asked: "Hello.") as elsewhere:
        output = wanted_output(entered_for.base_url, key="sk-canary-51f0")
        drained(output)
        Output.objects.update(status=Status.WANTED)
        Endpoint.objects.update(base_url=elsewhere.base_url)  # as an intruder in the database would
        drained(output)

    assert ["sk-canary-51f0"] == entered_for.keys
    assert ["none"] == elsewhere.keys


def test_a_key_that_cannot_be_opened_any_more_is_told_as_a_refusal():
    with running_simulator(Options(api_key="sk-right")) as simulator:
        contender = contender_at(simulator.base_url, CONTENDERS[0], key="sk-right")
        Endpoint.objects.update(sealed_key=b"sealed by a key that is lost")
        want_outputs(contenders=[contender], prompts=stage.prompt_set().prompts.all())
        output = drained(Output.objects.get())

    assert (Status.FAILED, "The endpoint did not accept the key (401).") == (output.status, output.problem)
