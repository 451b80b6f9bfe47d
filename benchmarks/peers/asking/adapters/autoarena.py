"""AutoArena: its OpenAI judge in its threads, with the wrappers for retries, odd replies and a random order."""

import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from unittest.mock import MagicMock

# The judges of other companies, which it imports all.
STAND_INS = ("anthropic", "boto3", "cohere", "google", "google.generativeai", "ollama", "together")
sys.modules.update({name: MagicMock() for name in STAND_INS})

from autoarena.api import api  # noqa: E402 (after the stand-ins)
from autoarena.judge.custom import register_custom_judge_class  # noqa: E402
from autoarena.judge.executor import ThreadedExecutor  # noqa: E402
from autoarena.judge.factory import judge_factory  # noqa: E402
from autoarena.judge.openai import OpenAIJudge  # noqa: E402
from autoarena.judge.wrapper import ab_shuffling_wrapper, cleaning_wrapper, retrying_wrapper  # noqa: E402

from benchmarks.peers.asking.exchange import ANSWER_A, ANSWER_B, API_KEY, MODEL, QUESTION, VERDICT, Job  # noqa: E402

REMARK = "950 calls a minute, in its application 8 at once; keeps a reply without text as a tie"

# Its judge that asks a classifier model what an odd reply meant needs a download, so the other one of its wrappers.
WRAPPERS = [retrying_wrapper, cleaning_wrapper, ab_shuffling_wrapper]
KINDS = {"A": "a", "B": "b", "-": "tie"}

_kept: list[str] = []


class ReasoningJudge(OpenAIJudge):
    """It allows a reply of twelve tokens; this one gives a reason first, and the verdict on the last line."""

    MAX_TOKENS = 2048

    def judge(self, prompt: str, response_a: str, response_b: str) -> str:
        reply = super().judge(QUESTION.format(question=prompt), response_a, response_b)
        found = re.search(VERDICT, reply)
        return found[1].replace("TIE", "-") if found else reply


def prepared(job: Job) -> Callable[[], None]:
    os.environ |= {"OPENAI_API_KEY": API_KEY, "OPENAI_BASE_URL": job.base_url}
    register_custom_judge_class("reasoning", ReasoningJudge)
    instruction = "Give a reason, and then alone on the last line [[A]], [[B]] or [[TIE]]."
    known = {"created": datetime.now(), "description": "", "enabled": True, "n_votes": 0}
    judge = api.Judge(1, api.JudgeType.CUSTOM, name="reasoning", model_name=MODEL, system_prompt=instruction, **known)
    pairs = [
        api.HeadToHead(
            asked.question,
            2 * number,
            ANSWER_A.format(answer_a=asked.answer_a),
            2 * number + 1,
            ANSWER_B.format(answer_b=asked.answer_b),
        )
        for number, asked in enumerate(job.judgments)
    ]
    return lambda: _ask(judge_factory(judge, WRAPPERS), pairs, job.at_once)


def verdicts(_job: Job) -> list[str]:
    return [KINDS.get(winner, "none") for winner in _kept]


def _ask(judge: OpenAIJudge, pairs: list[api.HeadToHead], at_once: int) -> None:
    with ThreadedExecutor(at_once) as executor:
        _kept.extend(winner for _, _, winner in executor.execute([(judge, pairs)]))
