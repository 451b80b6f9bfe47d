import json  # noqa: N999 (Django names a command after its module)
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.exchange.importing import Import, import_files
from apps.exchange.told import told

DESCRIPTION = """\
Reads files and folders of prompts, model answers, judge verdicts and human votes; .gz too. Imported again, a file
changes nothing. What a file is, is told from what it holds:

  MT-Bench questions       question_id, category, turns
  reference answers        like model answers, in a file or folder called reference_answer...
  model answers            question_id, model_id, choices
  judge verdicts           FastChat: model_1, model_2, g1_winner, g2_winner, judge, question_id, turn
                           cleaned:  model_a, model_b, winner, judge, question_id, turn
                           Arena-Hard: uid, judge, model, baseline, games (in each order, with a score such as A>>B)
  human votes              the cleaned form, where judge is a person
  battles with answers     Arena: conversation_a, conversation_b, or as CSV prompt, response_a, response_b, with winner
                           or winner_model_a, winner_model_b, winner_tie; AutoArena's CSV; AlpacaEval's annotations
                           (generator_1, output_1, generator_2, output_2, preference, annotator)
  prompts                  JSON lines or CSV with one of messages, turns, prompt, instruction, question, input, text;
                           and, if given, key (or id, question_id, uid), system, category, language, reference, notes
  prompts with outputs     prompt, model, output as JSON lines, a JSON array or CSV; AlpacaEval's model_outputs.json
                           (instruction, generator, output); AutoArena's CSV (prompt, response: the model is called
                           like the file); Arena-Hard's answers (uid, model, messages)

In the cleaned form a rater whose name starts with "gpt", or who is a judge of this site, is a judge; everybody else is
a person, in the group before the number (expert_17: expert). --as decides otherwise.

Answers, verdicts and votes are about the prompt set mt-bench unless --prompt-set names another; plain prompts,
prompts with outputs and battles make a set named after their file. The verdicts make the board mt-bench (--board), or
one named after the file; its judge is the one whose verdicts meet the most votes, and a further judge makes the board
mt-bench-JUDGE.

Exit code: 0, no row was rejected; 1, some were; 2, nothing could be imported.
"""


class Command(BaseCommand):
    help = DESCRIPTION

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="files, or folders of files")
        parser.add_argument("--dry-run", action="store_true", help="count only; keep nothing")
        parser.add_argument("--json", action="store_true", help="print the report as one JSON object")
        parser.add_argument("--prompt-set", default="", metavar="SLUG", help="the prompt set the files are about")
        parser.add_argument("--board", default="", metavar="SLUG", help="the board that the verdicts make")
        parser.add_argument("--as", dest="raters", default="", choices=["judge", "votes"], help="who the raters are")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Import(
            now=timezone.now(),
            prompt_set=options["prompt_set"],
            board=options["board"],
            raters=options["raters"],
        )
        report = import_files(options["paths"], wanted, dry_run=options["dry_run"])
        self.stdout.write(json.dumps(report.as_dict(), indent=2) if options["json"] else told(report))
        if report.exit_code:
            sys.exit(report.exit_code)
