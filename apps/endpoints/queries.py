from dataclasses import dataclass

from apps.endpoints.models import EndpointCheck


@dataclass(frozen=True)
class Abilities:
    """What an endpoint was found to offer. structured: it binds replies to a JSON schema."""

    structured: bool = False
    log_probabilities: bool = False


def abilities(endpoint_id: int | None) -> Abilities:
    """By its last answered check; never checked is none of them."""
    answered = EndpointCheck.objects.answered().filter(endpoint=endpoint_id)
    found = answered.values(*EndpointCheck.ABILITIES).first() or {}
    return Abilities(**{name: bool(able) for name, able in found.items()})
