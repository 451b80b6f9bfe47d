"""load -> think -> speak -> store, one module a kind of question. Nothing here knows of Celery."""

from workers.steps import check_endpoint, generate_output, judge_match, score_output
from workers.steps.step import Step

# In the order in which a lane takes them up: a check tells whether the rest is worth asking.
STEPS: tuple[Step, ...] = (
    check_endpoint.CheckEndpoint(),
    generate_output.GenerateOutput(),
    judge_match.JudgeMatch(),
    score_output.ScoreOutput(),
)
