"""Words of stored rows and of rooms that know no Django, as pages show them: marked here, translated there.

`{% translate told.method %}` shows one of them, and doubles each sign of per cent before it looks it up.
"""

from django.utils.translation import gettext_noop

MADE_BY = (  # a snapshot
    gettext_noop(
        "Bradley-Terry by maximum likelihood; intervals of 95 %%: sandwich clustered by prompt, "
        "profile likelihood for models of fewer than 40 matches"
    ),
    gettext_noop(
        "Bradley-Terry by maximum likelihood; intervals of 95 %%: sandwich clustered by prompt, "
        "profile likelihood for models of fewer than 40 matches; being shown first allowed for, by judge"
    ),
    gettext_noop("a tie is half a win for each; both bad counts as a tie"),
    gettext_noop("mean = 1000"),
)
PROTOCOLS = (
    gettext_noop("Pairwise, three ways"),
    gettext_noop("Pairwise, five grades"),
    gettext_noop("Own answer first, then three ways"),
    gettext_noop("Pointwise, 1 to 100"),
    gettext_noop("As imported"),
)
RUNS = (
    gettext_noop("Checking"),
    gettext_noop("Queued"),
    gettext_noop("Generating"),
    gettext_noop("Judging"),
    gettext_noop("Done"),
    gettext_noop("Out of budget"),
    gettext_noop("Partly done"),
    gettext_noop("Failed"),
    gettext_noop("Cancelled"),
)
KINDS = (  # of evidence, and of voters
    gettext_noop("judgments"),
    gettext_noop("votes"),
    gettext_noop("matches"),
    gettext_noop("prompts"),
    gettext_noop("all"),
)
FILES = (
    gettext_noop("MT-Bench questions"),
    gettext_noop("prompts"),
    gettext_noop("reference answers"),
    gettext_noop("model answers"),
    gettext_noop("prompts with model outputs"),
    gettext_noop("judge verdicts (FastChat)"),
    gettext_noop("judge verdicts"),
    gettext_noop("human votes"),
)
NO_DRAWING = (
    gettext_noop("No rating here has an interval yet: too little was compared."),
    gettext_noop("The drawing failed; the log of the worker says why."),
)
