import re
from html import unescape
from time import thread_time

import pytest
from pygments.lexers import get_lexer_by_name

from apps.board.code_colours import LANGUAGES, LONGEST_CODE, coloured
from apps.board.text import rendered


def test_words_of_code_have_classes_of_ours_and_no_style():
    html = rendered('```python\ndef mean(numbers):\n    return "none"  # yet\n```')

    assert '<span class="code-keyword">def</span> <span class="code-name">mean</span>(numbers)' in html
    assert '<span class="code-string">"none"</span>  <span class="code-comment"># yet</span>' in html
    assert "style=" not in html


def test_code_scrolls_in_a_box_that_is_reached_by_key():
    assert re.search(r'<pre[^>]* tabindex="0"', rendered("```python\nx = 1\n```"))


@pytest.mark.parametrize("language", ["", "unheard", "text", "html onclick=x"])
def test_code_of_an_unknown_language_stays_plain(language):
    html = rendered(f"```{language}\n<b> & 'x'\n```")

    assert "&lt;b&gt; &amp; 'x'" in html.replace('<span class="code-keyword">', "").replace("</span>", "")


def test_every_language_of_the_list_is_one_that_pygments_knows():
    assert all(get_lexer_by_name(name) for name in LANGUAGES.values())


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_coloured_code_says_what_plain_code_says(language):
    code = "<a href='x'>1 + \"two\" &amp;</a> # --\n/* é */ def f(x): return {'a': 0x1F}\n\n@a\t'open"

    html = coloured(code, language)

    assert code == unescape(re.sub(r"<[^>]+>", "", html))


@pytest.mark.parametrize("language", ["java", "csharp", "powershell", "c"])
def test_code_that_is_slow_to_read_is_left_plain_where_the_time_is_over(language):
    code, begun = "a\n \n" * (LONGEST_CODE // 4), thread_time()

    html = rendered(f"```{language}\n{code}```\n\n" * 2)

    assert thread_time() - begun < 1
    assert 2 == re.sub(r"</?span[^>]*>", "", html).count(code)


def test_code_beyond_the_limit_stays_plain():
    assert "" == coloured("x" * (LONGEST_CODE + 1), "python")
