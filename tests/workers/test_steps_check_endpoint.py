"""Five ticks: what an endpoint's owner is told before a run spends anything."""

import pytest
from aiohttp import web
from django.utils import timezone

from apps.endpoints.models import EndpointCheck
from apps.endpoints.operations import ensure_endpoint, want_check
from apps.endpoints.queries import Abilities, abilities
from apps.leases.models import Leased
from judgeboard.llm.simulator import Faults, LogProbabilities, Options, ResponseFormat, running_simulator
from tests.workers.lanes import CONTENDERS, JUDGE, drain_once
from tests.workers.scripted import json_body, scripted
from workers.processes import free_port

pytestmark = pytest.mark.django_db

Status = Leased.Status
MODEL = CONTENDERS[0]


def checked(base_url, *, model=MODEL, key=""):
    check = want_check(endpoint=ensure_endpoint(base_url=base_url, model=model, key=key))
    drain_once(check.endpoint, seconds=0.5)
    check.refresh_from_db()
    return check


def ticks(check):
    return {tick: getattr(check, tick) for tick in EndpointCheck.TICKS}


def test_a_good_endpoint_gains_all_five():
    with running_simulator(Options(api_key="sk-right")) as simulator:
        check = checked(simulator.base_url, key="sk-right")

    assert dict.fromkeys(EndpointCheck.TICKS, True) == ticks(check)
    assert (Status.DONE, "") == (check.status, check.problem)
    assert check.reply
    assert check.latency_ms >= 0


def test_a_wrong_key_is_told_as_that():
    with running_simulator(Options(api_key="sk-right")) as simulator:
        check = checked(simulator.base_url, key="sk-wrong")

    expected = {
        "reachable": True,
        "key_accepted": False,
        "model_listed": False,
        "replies": False,
        "parameters_accepted": None,
    }
    assert expected == ticks(check)
    assert (Status.FAILED, "The endpoint did not accept the key (401).") == (check.status, check.problem)


def test_an_unknown_model_is_told_as_that_and_the_key_is_not_blamed():
    with running_simulator() as simulator:
        check = checked(simulator.base_url, model="nobody")

    expected = {
        "reachable": True,
        "key_accepted": True,
        "model_listed": False,
        "replies": False,
        "parameters_accepted": None,
    }
    assert expected == ticks(check)
    assert (Status.FAILED, "The endpoint knows no such address or model (404).") == (check.status, check.problem)


def test_a_busy_endpoint_is_tried_again_later_and_not_given_up():
    with running_simulator(Options(faults=Faults(rate_limited=1.0))) as simulator:
        check = checked(simulator.base_url)

    assert (Status.WANTED, 1) == (check.status, check.faults)
    assert "slow down" in check.problem


def test_a_closed_port_is_not_reachable():
    check = checked(f"http://127.0.0.1:{free_port(0)}/v1")

    assert (False, False, False) == (check.reachable, check.model_listed, check.replies)
    assert Status.FAILED == check.status
    assert "could not be reached" in check.problem


def test_an_endpoint_that_answers_with_faults_of_its_own_is_reachable():
    with scripted(lambda asked: web.Response(status=503), models=()) as endpoint:
        check = checked(endpoint.base_url, model="scripted")

    assert (Status.FAILED, True, False) == (check.status, check.reachable, check.replies)
    assert "The endpoint had a fault of its own (503)." == check.problem


def test_an_address_that_may_not_be_called_is_not_called(settings):
    with running_simulator() as simulator:
        endpoint = ensure_endpoint(base_url=simulator.base_url, model=MODEL)
        settings.ALLOWED_NETWORKS = []
        check = want_check(endpoint=endpoint)
        drain_once(endpoint)
        check.refresh_from_db()

        assert 0 == simulator.counts["requests"]

    assert (Status.FAILED, False, False) == (check.status, check.reachable, check.replies)
    assert "The endpoint's address is not public, so it is not called." == check.problem


def test_an_endpoint_that_refuses_parameters_but_replies_without_is_good_enough():
    def only_bare(asked):
        return web.Response(status=400) if "temperature" in asked else "Hello."

    with scripted(only_bare) as endpoint:
        check = checked(endpoint.base_url, model="scripted")

    expected = {
        "reachable": True,
        "key_accepted": True,
        "model_listed": True,
        "replies": True,
        "parameters_accepted": False,
    }
    assert expected == ticks(check)
    assert (Status.DONE, "Hello.") == (check.status, check.reply)
    assert "The endpoint did not accept the request (400)." == check.problem


def test_an_endpoint_that_takes_no_request_at_all_fails():
    with scripted(lambda asked: web.Response(status=400)) as endpoint:
        check = checked(endpoint.base_url, model="scripted")

    assert (Status.FAILED, True, False, False) == (
        check.status, check.reachable, check.replies, check.parameters_accepted,
    )  # fmt: skip


def test_an_empty_reply_is_no_reply():
    with scripted(lambda asked: "  ") as endpoint:
        check = checked(endpoint.base_url, model="scripted")

    assert (Status.FAILED, True, False) == (check.status, check.reachable, check.replies)
    assert "The endpoint answered with an empty text." == check.problem


def test_no_list_of_models_is_no_fault():
    with scripted(lambda asked: "Hello.", models=()) as endpoint:
        check = checked(endpoint.base_url, model="scripted")

    assert (Status.DONE, False, True) == (check.status, check.model_listed, check.replies)


@pytest.mark.parametrize(
    ("schemas", "structured"),
    [(ResponseFormat.OBEYED, True), (ResponseFormat.IGNORED, False), (ResponseFormat.REFUSED, False)],
)
def test_whether_replies_are_bound_to_a_schema_is_found_out_and_is_no_fault(schemas, structured):
    with running_simulator(Options(response_format=schemas)) as simulator:
        check = checked(simulator.base_url, model=JUDGE)

    assert (Status.DONE, "", structured) == (check.status, check.problem, check.structured)
    assert structured == abilities(check.endpoint_id).structured


LOGPROBS = [(LogProbabilities.TOLD, True), (LogProbabilities.IGNORED, False), (LogProbabilities.REFUSED, False)]


@pytest.mark.parametrize(("wish", "told"), LOGPROBS)
@pytest.mark.parametrize("schemas", [ResponseFormat.OBEYED, ResponseFormat.REFUSED])
def test_whether_log_probabilities_are_told_is_found_out_and_is_no_fault(wish, told, schemas):
    with running_simulator(Options(log_probabilities=wish, response_format=schemas)) as simulator:
        check = checked(simulator.base_url, model=JUDGE)

    assert (Status.DONE, "", told) == (check.status, check.problem, check.log_probabilities)
    assert told == abilities(check.endpoint_id).log_probabilities


def test_log_probabilities_without_alternatives_are_none():
    bare = {"content": [{"token": "Hello.", "logprob": -0.1, "top_logprobs": []}]}
    choice = {"message": {"content": "Hello."}, "logprobs": bare}
    with scripted(lambda asked: json_body("", choices=[choice])) as endpoint:
        check = checked(endpoint.base_url, model="scripted")

    assert (Status.DONE, False) == (check.status, check.log_probabilities)


def test_the_last_answered_check_says_what_an_endpoint_offers():
    endpoint = ensure_endpoint(base_url="https://api.example.com/v1", model="m")
    assert Abilities() == abilities(endpoint.pk)
    for able in (False, True):
        EndpointCheck.objects.create(
            endpoint=endpoint, structured=able, log_probabilities=able, status="done", answered_at=timezone.now()
        )
    want_check(endpoint=endpoint)

    assert Abilities(structured=True, log_probabilities=True) == abilities(endpoint.pk)


def test_a_check_that_is_still_open_serves_again():
    endpoint = ensure_endpoint(base_url="https://api.example.com/v1", model="m")

    assert want_check(endpoint=endpoint) == want_check(endpoint=endpoint)
