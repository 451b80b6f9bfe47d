from apps.endpoints.models import EndpointCheck


def replies_structured(endpoint_id: int | None) -> bool:
    """Whether the endpoint bound its reply to a JSON schema when it was last checked; never checked is no."""
    answered = EndpointCheck.objects.answered().filter(endpoint=endpoint_id)
    return bool(answered.values_list("structured", flat=True).first())
