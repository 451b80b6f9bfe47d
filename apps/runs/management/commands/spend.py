"""What was spent, from the books."""

import json

from django.core.management import BaseCommand

from apps.runs.spend import SPEND_BY, Spend


class Command(BaseCommand):
    help = "Says what was spent in dollars, by run, submitter, judge or day. Calls without a known price count nothing."

    def add_arguments(self, parser):
        parser.add_argument("--by", choices=SPEND_BY, default="run", help="what the lines are; default: run")
        parser.add_argument("--json", action="store_true", dest="as_json", help="say the result as lines of JSON")

    def handle(self, *args, by, as_json, **options):
        found = SPEND_BY[by]()
        for one in found:
            self.stdout.write(_as_json(by, one) if as_json else _as_text(one))
        if not found and not as_json:
            self.stdout.write("Nothing was spent yet.")


def _as_json(by: str, one: Spend) -> str:
    """Dollars as text: a number would lose digits on its way."""
    cap = {"cap": f"{one.cap:f}" if one.cap is not None else None} if by == "run" else {}
    return json.dumps({by: one.name, "usd": f"{one.usd:f}"} | cap)


def _as_text(one: Spend) -> str:
    told = f"${one.usd:,.4f}  {one.name}"
    return f"{told}, of ${one.cap:,.2f}" if one.cap is not None else told
