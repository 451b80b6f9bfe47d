"""FastChat (LMSYS): the judging script of MT-Bench, from files to files, pairs in both orders."""

import io
import os
import runpy
import sys
from collections.abc import Callable
from unittest.mock import MagicMock

import openai

from benchmarks.peers.asking.exchange import API_KEY, MODEL, PROMPT, Job, read_lines, write_lines

# It knows all models that it could serve, for which it would import torch, and asks other judges with anthropic.
STAND_INS = ("torch", "torch.nn", "torch.nn.functional", "transformers", "transformers.generation")
STAND_INS += ("transformers.generation.logits_process", "transformers.models.llama.modeling_llama")
STAND_INS += ("accelerate", "accelerate.utils", "huggingface_hub", "peft", "psutil", "tqdm.auto", "anthropic")
sys.modules.update({name: MagicMock() for name in STAND_INS})

from fastchat.model import model_adapter  # noqa: E402 (after the stand-ins)

model_adapter.OPENAI_MODEL_LIST += (MODEL,)  # it asks nobody else
import fastchat.llm_judge.common  # noqa: E402, F401 (loaded before the clock starts)

REMARK = "both orders of a pair one after the other; sleeps 10 s after any error"

ROUNDS = ("pair-v2", "pair-math-v1", "pair-v2-multi-turn", "pair-math-v1-multi-turn")
KINDS = {"model_1": "a", "model_2": "b", "tie": "tie"}


def prepared(job: Job) -> Callable[[], None]:
    openai.api_base, openai.api_key = job.base_url, API_KEY
    os.chdir(job.folder)  # its paths are relative
    _write(job)
    # Pairs of all models, which are two here.
    said = ["gen_judgment", "--mode", "pairwise-all", "--judge-model", MODEL, "--parallel", str(job.at_once)]
    return lambda: _script(said)


def verdicts(job: Job) -> list[str]:
    matches = read_lines(job.folder / f"data/mt_bench/model_judgment/{MODEL}_pair.jsonl")
    return [KINDS.get(match[order], "none") for match in matches for order in ("g1_winner", "g2_winner")]


def _write(job: Job) -> None:
    data = job.folder / "data"
    template = {"type": "pairwise", "system_prompt": "You are a judge.", "prompt_template": PROMPT}
    template["output_format"] = "[[A]]"
    write_lines(data / "judge_prompts.jsonl", [{"name": name, **template} for name in ROUNDS])
    asked = list(enumerate(job.matches))
    questions = [{"question_id": n, "category": "writing", "turns": [match.question]} for n, match in asked]
    write_lines(data / "mt_bench/question.jsonl", questions)
    for model, field in (("one", "answer_a"), ("two", "answer_b")):
        answers = [{"question_id": n, "choices": [{"turns": [getattr(match, field)]}]} for n, match in asked]
        write_lines(data / f"mt_bench/model_answer/{model}.jsonl", answers)


def _script(arguments: list[str]) -> None:
    sys.argv, sys.stdin = arguments, io.StringIO("\n")  # it waits for a key to be pressed
    runpy.run_module("fastchat.llm_judge.gen_judgment", run_name="__main__")
