"""AlpacaEval: its pairwise annotator over pairs of outputs, with its own threads."""

from collections.abc import Callable
from pathlib import Path

import yaml
from alpaca_eval.annotators import PairwiseAnnotator

from benchmarks.peers.asking.exchange import API_KEY, MODEL, PROMPT, Job

REMARK = "a client for each call; keeps nothing until its end"

KINDS = {1: "a", 2: "b", 1.5: "tie"}

_kept: list[dict] = []


def prepared(job: Job) -> Callable[[], None]:
    annotator = PairwiseAnnotator(annotators_config=_written(job), caching_path=job.folder / "annotations.json")
    pairs = [
        {"instruction": asked.question, "output_1": asked.answer_a, "output_2": asked.answer_b}
        for asked in job.judgments
    ]
    # All in one chunk: by default 128 must be done before the next are asked.
    return lambda: _kept.extend(annotator.annotate_pairs(pairs, chunksize=None))


def verdicts(_job: Job) -> list[str]:
    return [KINDS.get(pair["preference"], "none") for pair in _kept]


def _written(job: Job) -> Path:
    """The configuration of the judge; paths in it are relative to its folder's folder."""
    folder = job.folder / "judge"
    folder.mkdir()
    prompt = PROMPT.format(question="{instruction}", answer_a="{output_1}", answer_b="{output_2}")
    (folder / "prompt.txt").write_text(f"<|im_start|>user\n{prompt}<|im_end|>")
    config = folder / "configs.yaml"
    config.write_text(yaml.safe_dump({"judge": _judge(job)}))
    return config


def _judge(job: Job) -> dict:
    asking = {"openai_api_base": job.base_url, "openai_api_keys": [API_KEY], "client_kwargs": {"max_retries": 5}}
    return {
        "prompt_template": "judge/prompt.txt",
        "fn_completions": "openai_completions",
        "completions_kwargs": {"model_name": MODEL, "num_procs": job.at_once, "temperature": 0, **asking},
        "fn_completion_parser": "regex_parser",
        "completion_parser_kwargs": {"outputs_to_match": {1: r"\[\[A\]\]", 2: r"\[\[B\]\]", 1.5: r"\[\[TIE\]\]"}},
    }
