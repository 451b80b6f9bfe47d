import re

import pytest

from apps.board.formulas import LONGEST_FORMULA, LONGEST_OF_A_TEXT, mathml
from apps.board.text import rendered


def said(html: str) -> list[str]:
    """What the formulas of a page say, without their marks."""
    return [re.sub(r"<[^>]+>", "", formula) for formula in re.findall(r"<math.*?</math>", html, re.DOTALL)]


@pytest.mark.parametrize(
    "text",
    ["so $x^2$.", r"so \(x^2\).", "so $$x^2$$ here", r"so \[x^2\] here", "$$\nx^2\n$$", "text:\n\\[\nx^2\n\\]\nmore"],
)
def test_the_four_ways_to_write_a_formula_are_read(text):
    assert ["x2"] == said(rendered(text))


def test_a_formula_on_lines_of_its_own_has_a_box_that_scrolls_and_is_reached_by_key():
    html = rendered("$$\na\n+ b\n$$")

    assert re.search(r'<div (class="formula" tabindex="0"|tabindex="0" class="formula")><math display="block">', html)
    assert "<li>" not in html  # `+ b` begins no list


def test_a_formula_may_stand_in_a_list_a_quotation_and_a_table():
    assert ["a", "b", "c"] == said(rendered("1. x\n   \\[\n   a\n   \\]\n\n> $$\n> b\n> $$\n\n| $c$ |\n|-|\n| 1 |"))


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "from $5/month to 9$ in all",
        "$5 or 10$",
        "US$5, A$6 and 7$",
        "echo $HOME:$PATH",
        r"\$x\$",
        "$ x $",
        "`$x$`",
        "$",
        "$$",
        "$x\ny$",
    ],
)
def test_prices_variables_of_a_shell_and_code_are_no_formulas(text):
    assert [] == said(rendered(text))


def test_a_price_takes_no_formula_with_it():
    assert ["x", "y"] == said(rendered("It costs $5, or $10 for $x$ and $y$."))


def test_columns_that_are_aligned_stay_so():
    html = rendered(r"$$\begin{aligned}a&=b\\[4pt]c&=d\end{aligned}$$")

    assert 2 == html.count('<mtd columnalign="right">') == html.count('<mtd columnalign="left">')
    assert ["a=bc=d"] == said(html)


@pytest.mark.parametrize(
    "formula",
    [
        r"\unheard{x}",
        r"\frac{a}{",
        "}{",
        "a & b",
        r"\newcommand{\a}{b}\a",
        r"\def\a{\a\a}\a",
        "x" * (LONGEST_FORMULA + 1),
        "{" * 500 + "}" * 500,
        r"\sqrt" * 200,
    ],
)
def test_a_formula_that_cannot_be_read_is_shown_as_its_source(formula):
    html = rendered(f"so ${formula}$ then")

    assert mathml(formula, alone=False) is None
    assert [] == said(html)
    assert f"${formula}$".replace("&", "&amp;") in html.replace("<code>", "").replace("</code>", "")


def test_a_text_has_formulas_up_to_a_limit_and_loses_nothing_beyond():
    n = LONGEST_OF_A_TEXT // 100
    html = rendered(f"${'x' * 100}$ " * (n + 5))

    assert n == len(said(html))
    assert 5 == html.count(f"<code>${'x' * 100}$</code>")


def test_markup_in_a_formula_is_text():
    """The library writes its texts out as they came; they must not become tags."""
    assert [r"&lt;img&nbsp;src=x&nbsp;onerror=alert(1)&gt;"] == said(rendered(r"$\text{<img src=x onerror=alert(1)>}$"))


def test_a_formula_leads_nowhere_has_no_look_of_its_own_and_stays_in_its_line():
    html = rendered(r"$\href{javascript:x}{a}\class{skip}{b}\style{color:red}{c}\hspace{-99em}\raise9em{d}$")

    assert ["abcd"] == said(html)
    assert not re.search(r"href|skip|style|99em|9em", html)
