"""Numbers are the same in every language, but for the sign between thousands, which would be read as a decimal one.

So a figure of a page is found again in its chart, in files and in the API; and drawings may write their coordinates.
"""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = "\N{NARROW NO-BREAK SPACE}"
