"""Questions, plain prompts and reference answers -> prompts of a set."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from apps.exchange.fields import Data, question_key, required, texts, word
from apps.exchange.files import Row
from apps.exchange.kinds import PROMPT_COLUMNS
from apps.exchange.known import prompt_set_of
from apps.exchange.report import BadRow, FileReport
from apps.prompts.messages import MalformedPrompt, check_messages, check_reference
from apps.prompts.models import Prompt, PromptSet
from apps.prompts.operations import add_prompts, create_prompt_set

KEY_COLUMNS = ("key", "id", "uid", "question_id")
ABOUT_MT_BENCH = {
    "title": "MT-Bench",
    "description": "80 questions of two turns in eight categories.",
    "licence": "Apache-2.0",
    "source": "lm-sys/FastChat; Zheng et al. 2023, Judging LLM-as-a-Judge, arXiv:2306.05685",
}


def read_question(row: Row) -> dict[str, Any]:
    """A row of MT-Bench's question.jsonl in the shape that `add_prompts` takes. Raises BadRow."""
    asked = texts(row.data, "turns")
    reference = texts(row.data, "reference") if row.data.get("reference") else []
    return _checked(
        key=question_key(row.data),
        category=_category(row.data),
        messages=[{"role": "user", "content": text} for text in asked],
        reference=reference,
    )


def read_prompt(row: Row, path: Path) -> dict[str, Any]:
    """A native prompt (`messages`), or a plain one: a text under one of PROMPT_COLUMNS. Raises BadRow."""
    return _checked(
        key=_key(row, path),
        category=_category(row.data),
        language=word(row.data, "language", longest=20) if row.data.get("language") else "en",
        messages=row.data["messages"] if "messages" in row.data else _messages(row.data),
        reference=_reference(row.data.get("reference")),
        notes=str(row.data.get("notes") or ""),
    )


def _checked(**prompt: Any) -> dict[str, Any]:
    try:
        check_messages(prompt["messages"])
        check_reference(prompt["reference"], sum(message["role"] == "user" for message in prompt["messages"]))
    except MalformedPrompt as problem:
        raise BadRow(f"Prompt {prompt['key']}: {problem}") from None
    return prompt


def _key(row: Row, path: Path) -> str:
    """The row's own name, else one made of file and line: the same at every import of the file."""
    named = next((name for name in KEY_COLUMNS if name in row.data), None)
    if named:
        return question_key(row.data, named)
    return f"{slugify(path.name.split('.')[0])[:60]}-{row.line}"


def _category(data: Data) -> str:
    return word(data, "category", longest=60) if data.get("category") else "general"


def _messages(data: Data) -> list[dict[str, str]]:
    column = next((name for name in PROMPT_COLUMNS if name in data), None)
    if column is None:
        raise BadRow(f"There is no prompt; expected one of {', '.join(PROMPT_COLUMNS)}, or messages.")
    return [{"role": "user", "content": data[column]}]


def _reference(found: Any) -> Any:
    return [found] if isinstance(found, str) else found or []


def store_questions(slug: str, read: list[tuple[int, dict[str, Any]]], report: FileReport) -> None:
    """Adds what is new to the version that verdicts are about, made if need be."""
    _store(prompt_set_of(slug) or _new_set(slug), read, report)


def store_prompts(slug: str, read: list[tuple[int, dict[str, Any]]], report: FileReport) -> None:
    """Adds what is new to the newest version: the one that people edit."""
    _store(PromptSet.objects.filter(slug=slug).order_by("-version").first() or _new_set(slug), read, report)


def _new_set(slug: str) -> PromptSet:
    about = ABOUT_MT_BENCH if slug == "mt-bench" else {"title": slug.replace("-", " ").capitalize()}
    return create_prompt_set(slug=slug, **about)


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
