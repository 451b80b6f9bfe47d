"""Inspect (UK AISI): a task whose samples are the judge prompts, scored by the pattern of the verdict."""

import os
from collections.abc import Callable

from inspect_ai import Task
from inspect_ai import eval as evaluate
from inspect_ai.dataset import Sample
from inspect_ai.log import EvalLog, EvalSample
from inspect_ai.model import Model, get_model
from inspect_ai.scorer import CORRECT, pattern
from inspect_ai.solver import generate

from benchmarks.peers.asking.exchange import API_KEY, MODEL, VERDICT, Job

REMARK = "keeps a reply without text as a wrong answer"

_logs: list[EvalLog] = []


def prepared(job: Job) -> Callable[[], None]:
    os.environ |= {"SIMULATOR_API_KEY": API_KEY, "XDG_DATA_HOME": str(job.folder)}  # not in the home of who runs it
    samples = [Sample(input=judgment.prompt, target=judgment.better.upper()) for judgment in job.judgments]
    model = get_model(f"openai-api/simulator/{MODEL}", base_url=job.base_url)
    _evaluated(samples[:1], get_model("mockllm/model"), job)  # so that it loads half its modules now
    return lambda: _logs.extend(_evaluated(samples, model, job))


def verdicts(_job: Job) -> list[str]:
    return [_verdict(sample) for log in _logs for sample in log.samples or []]


def _evaluated(samples: list[Sample], model: Model, job: Job) -> list[EvalLog]:
    """What is shown or served while it runs is off, and a sample that fails is asked again."""
    return evaluate(
        Task(dataset=samples, solver=generate(), scorer=pattern(VERDICT)),
        model=model,
        max_connections=job.at_once,
        max_samples=2 * job.at_once,  # a call can always follow the last
        retry_on_error=5,
        fail_on_error=False,
        log_dir=str(job.folder),
        log_realtime=False,
        score_display=False,
        display="none",
        ctl_server=False,
        temperature=0,
    )


def _verdict(sample: EvalSample) -> str:
    if not sample.scores:
        return "none"
    score = sample.scores["pattern"]
    return (score.answer or "incorrect").lower() if score.value != CORRECT else str(sample.target).lower()
