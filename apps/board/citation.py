"""How a page is cited: in words, and as an entry for BibTeX."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext

SITE = "judgeboard"
SPECIAL = {character: f"\\{character}" for character in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


@dataclass(frozen=True)
class Citation:
    """`url` names the release, so that it shows what was cited. `made_from`: the digest of the evidence."""

    key: str
    title: str
    url: str
    day: date | None = None
    made_from: str = ""

    @property
    def plain(self) -> str:
        dated = (
            gettext("Release of {day}.").format(day=date_format(self.day, gettext("j F Y"))) + " " if self.day else ""
        )
        return f"{SITE}. “{self.title}”. {dated}{self.url}"

    @property
    def bibtex(self) -> str:
        fields = {"title": f"{{{_escaped(self.title)}}}", "author": f"{{{SITE}}}"}
        if self.day:
            fields |= {"year": f"{self.day:%Y}", "month": f"{self.day:%b}".lower(), "day": f"{self.day:%-d}"}
        fields |= {"url": self.url}
        if self.made_from:
            fields |= {"note": gettext("Digest of the evidence: {digest}").format(digest=self.made_from)}
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
        return f"@misc{{{self.key},\n{lines}\n}}"


def _escaped(text: str) -> str:
    return "".join(SPECIAL.get(character, character) for character in text)
