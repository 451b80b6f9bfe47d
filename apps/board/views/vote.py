from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.humans.models import Ballot, Reason, Voter
from apps.humans.operations import (
    Choice,
    NoSuchBallot,
    add_guest,
    ballot_of,
    cast_vote,
    ensure_voter_of,
    hand_out_ballot,
    take_back_vote,
    tell_reason,
)
from apps.humans.queries import Revealed, revealed, showing

VOTER, LAST_CAST = "voter", "last_cast"  # session keys


@never_cache
@require_safe
def vote(request: HttpRequest) -> HttpResponse:
    """The next ballot, below what the vote before it hid. Asked for again it shows the same one."""
    voter = _voter(request)
    ballot, last = hand_out_ballot(voter=voter, now=timezone.now()), _last_vote(request, voter)
    if ballot is None:
        return render(request, "board/vote_empty.html", {"last": last})
    return render(request, "board/ballot.html", {"showing": showing(ballot), "last": last})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ballot(request: HttpRequest, token: str) -> HttpResponse:
    """GET: the ballot while it is open, afterwards what was hidden. POST: the vote."""
    handed_out = _ballot(request, token)
    if request.method == "POST":
        return _cast(request, handed_out)
    if handed_out.cast_at is None:
        return render(request, "board/ballot.html", {"showing": showing(handed_out)})
    undo = request.session.get(LAST_CAST) == token
    return render(request, "board/revealed.html", {"revealed": revealed(handed_out), "undo": undo})


@require_POST
def undo(request: HttpRequest, token: str) -> HttpResponse:
    """Takes back the vote cast last in this session, and no older one."""
    handed_out = _last_cast(request, token)
    take_back_vote(token=token, voter=handed_out.voter)
    del request.session[LAST_CAST]
    return redirect("board:ballot", token)


@require_POST
def reasons(request: HttpRequest, token: str) -> HttpResponse:
    """What made the answer better, beside the vote cast last in this session: `give` or `take` one of the list."""
    handed_out = _last_cast(request, token)
    holds = "give" in request.POST
    word = request.POST.get("give") or request.POST.get("take", "")
    if word in Reason.values:
        tell_reason(token=token, voter=handed_out.voter, reason=Reason(word), holds=holds)
    back = request.POST.get("back", "")
    if getattr(request, "htmx", False):
        return render(request, "board/_reasons.html", {"revealed": revealed(handed_out), "back": back})
    return redirect("board:ballot", token) if back else redirect("board:vote")


def _last_cast(request: HttpRequest, token: str) -> Ballot:
    """The ballot of the vote cast last in this session; no older one."""
    handed_out = _ballot(request, token)
    if request.session.get(LAST_CAST) != token:
        raise Http404("Only the last vote can be changed.")
    return handed_out


def _cast(request: HttpRequest, handed_out: Ballot) -> HttpResponse:
    try:
        choice = Choice(request.POST.get("choice", ""))
    except ValueError:
        context = {
            "showing": showing(handed_out),
            "problem": gettext("That is none of the five answers; choose one of them."),
        }
        return render(request, "board/ballot.html", context, status=400)
    cast = cast_vote(token=handed_out.token, voter=handed_out.voter, choice=choice, now=timezone.now())
    request.session[LAST_CAST] = cast.token
    return redirect("board:vote")


def _last_vote(request: HttpRequest, voter: Voter) -> Revealed | None:
    """What the vote cast last in this session hid; none after a skip."""
    token = request.session.get(LAST_CAST)
    if token is None:
        return None
    try:
        last = ballot_of(token=token, voter=voter)
    except NoSuchBallot:  # somebody else's: the session outlived a sign-in
        return None
    return None if last.skipped else revealed(last)


def _voter(request: HttpRequest) -> Voter:
    """The signed-in person, or whoever holds this session; a guest is made up when first needed."""
    voter = _known_voter(request)
    if voter is None:
        voter = ensure_voter_of(user=request.user) if request.user.is_authenticated else add_guest()
        request.session[VOTER] = voter.pk
    return voter


def _known_voter(request: HttpRequest) -> Voter | None:
    if request.user.is_authenticated:
        return Voter.objects.filter(user=request.user).first()
    return Voter.objects.filter(pk=request.session.get(VOTER, 0), user=None).first()


def _ballot(request: HttpRequest, token: str) -> Ballot:
    voter = _known_voter(request)
    if voter is None:
        raise Http404("Whoever was handed no ballot has none.")
    try:
        return ballot_of(token=token, voter=voter)
    except NoSuchBallot as problem:
        raise Http404(str(problem)) from None
