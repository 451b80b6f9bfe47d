"""Questions, plain prompts and reference answers -> prompts of a set."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from apps.exchange.fields import Data, question_key, required, texts
from apps.exchange.files import Row
from apps.exchange.known import prompt_set_of
from apps.exchange.owning import own_name
from apps.exchange.report import BadRow, FileReport
from apps.prompts.imports import RejectedLine, prompt_row
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import add_prompts, create_prompt_set

ABOUT_MT_BENCH = {
    "title": "MT-Bench",
    "description": "80 questions of two turns in eight categories.",
    "licence": "Apache-2.0",
    "source": "lm-sys/FastChat; Zheng et al. 2023, Judging LLM-as-a-Judge, arXiv:2306.05685",
}


def read_question(row: Row) -> dict[str, Any]:
    """A row of MT-Bench's question.jsonl in the shape that `add_prompts` takes. Raises BadRow."""
    key = question_key(row.data)
    asked = {"key": key, "turns": texts(row.data, "turns"), "category": row.data.get("category")}
    reference = texts(row.data, "reference") if row.data.get("reference") else []
    try:
        return prompt_row(asked | {"reference": reference})
    except RejectedLine as problem:
        raise BadRow(f"Prompt {key}: {problem}.") from None


def read_prompt(row: Row) -> dict[str, Any]:
    """A plain or native prompt in the shape that `add_prompts` takes. Raises BadRow."""
    try:
        return prompt_row(row.data)
    except RejectedLine as problem:
        raise BadRow(f"There is no prompt: {problem}.") from None


def store_questions(
    slug: str, read: list[tuple[int, dict[str, Any]]], report: FileReport, private_to: User | None = None
) -> None:
    """Adds what is new to the version that verdicts are about, made if need be."""
    _store(prompt_set_of(slug) or new_set(slug, private_to), read, report)


def store_prompts(
    slug: str, read: list[tuple[int, dict[str, Any]]], report: FileReport, private_to: User | None = None
) -> None:
    """Adds what is new to the newest version: the one that people edit."""
    newest = PromptSet.objects.filter(slug=slug).order_by("-version").first()
    _store(newest or new_set(slug, private_to), read, report)


def new_set(slug: str, private_to: User | None = None) -> PromptSet:
    """Titled after its slug, without what only makes it somebody's own."""
    name = own_name(slug, private_to) if private_to else slug
    about = ABOUT_MT_BENCH if slug == "mt-bench" else {"title": name.replace("-", " ").replace("_", " ").capitalize()}
    return create_prompt_set(slug=slug, private_to=private_to, **about)


def _store(prompt_set: PromptSet, read: list[tuple[int, dict[str, Any]]], report: FileReport) -> None:
    known = {prompt.key: prompt.messages for prompt in prompt_set.prompts.all()}
    new = []
    for line, prompt in read:
        key, messages = prompt["key"], prompt["messages"]
        if key not in known and prompt_set.is_frozen:
            report.reject(line, f"Prompt {key} is new, but {prompt_set} is frozen; make its next version first.")
        elif known.setdefault(key, messages) is messages:
            new.append(prompt)
        elif known[key] == messages:
            report.duplicate += 1
        else:
            report.reject(line, f"Prompt {key} is there already with another text; give the new one its own key.")
    if new:
        report.new += add_prompts(prompt_set=prompt_set, rows=new)


def read_reference(row: Row) -> tuple[str, list[str]]:
    """Key and texts of a row of MT-Bench's reference answers. Raises BadRow."""
    return question_key(row.data), answer_texts(row.data)


def answer_texts(data: Data) -> list[str]:
    """One text a turn, of the first choice, as MT-Bench writes model answers."""
    choices = required(data, "choices")
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], Mapping):
        raise BadRow("choices holds no answer; expected a list whose first object has turns.")
    found = texts(choices[0], "turns")
    if not found:
        raise BadRow("The answer has no turn.")
    return found


def store_references(slug: str, read: list[tuple[int, tuple[str, list[str]]]], report: FileReport) -> None:
    """Writes reference answers to their prompts. They replace short ones: they are what a judge was really shown."""
    prompt_set = prompt_set_of(slug)
    prompts = {prompt.key: prompt for prompt in prompt_set.prompts.all()} if prompt_set else {}
    changed = []
    for line, (key, reference) in read:
        try:
            if prompt := _changed(prompts.get(key), key, slug, reference, report):
                changed.append(prompt)
            else:
                report.duplicate += 1
        except BadRow as problem:
            report.reject(line, str(problem))
    Prompt.objects.bulk_update(changed, ["reference"], batch_size=500)
    report.new += len(changed)


def _changed(prompt: Prompt | None, key: str, slug: str, reference: list[str], report: FileReport) -> Prompt | None:
    """The prompt with the reference, None if it has it already. Raises BadRow."""
    if prompt is None:
        raise BadRow(f"Question {key} is not in the prompt set {slug}; import its question file first.")
    if len(reference) != len(prompt.turns):
        raise BadRow(f"Question {key} has {len(prompt.turns)} turns, its reference {len(reference)}.")
    if prompt.reference == reference:
        return None
    if prompt.prompt_set.is_frozen:
        raise BadRow(f"{prompt.prompt_set} is frozen, so the reference of question {key} stays as it is.")
    report.note("replaces the short reference that came with the question.", bool(prompt.reference))
    prompt.reference = reference
    return prompt
