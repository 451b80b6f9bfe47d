"""What can go wrong between us and a model. The only question that matters: is it worth asking again?

CallFailed
├── Passing              ask again later
│   ├── RateLimited      429; may say when
│   ├── TimedOut         no whole answer within the deadline
│   └── Unavailable      408/409/425/5xx, unreadable bodies
│       └── Unreachable  nobody answered at all
└── Lasting              asking again is useless until somebody changes something
    ├── Refused          404/410: the address, or the model's name
    │   └── KeyRefused   401/403
    ├── BadRequest       400/422 and the like: the endpoint does not take what we send
    │   └── TooLarge     more was asked for than we read; the only one of these that a model has worked on
    └── Forbidden        the address may not be called
"""


class CallFailed(Exception):
    """One sentence that may be shown to the endpoint's owner; never holds a key or a body."""


class Passing(CallFailed):
    """`retry_after`: seconds the endpoint asked us to stay away, if it said so."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class RateLimited(Passing):
    pass


class TimedOut(Passing):
    pass


class Unavailable(Passing):
    pass


class Unreachable(Unavailable):
    pass


class Lasting(CallFailed):
    pass


class Refused(Lasting):
    pass


class KeyRefused(Refused):
    pass


class BadRequest(Lasting):
    pass


class TooLarge(BadRequest):
    pass


class Forbidden(Lasting):
    pass
