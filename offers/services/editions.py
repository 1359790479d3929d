"""The life of an edition up to its publication: started, submitted, returned, approved, withdrawn."""

import datetime as dt
from typing import Any

from django.db import transaction

from offers import figures, policies
from offers.enums import ContributionKind
from offers.exceptions import TransitionRefused
from offers.models import Edition, EditionTransition, LocalOffer
from offers.rules.editions import Transition, Verb
from offers.selectors.changes import changes_of
from offers.selectors.consultations import count_open_comments
from offers.selectors.content import figures_asked_for
from offers.selectors.since import Since
from offers.services import contributions
from phb_register import audit, clock, static_copy
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission

#: The moves after which readers find something else.
SEEN_BY_ALL = {Verb.PUBLISH, Verb.WITHDRAW, Verb.OPEN_CONSULTATION, Verb.CLOSE_CONSULTATION}


@transaction.atomic
def start_edition(*, offer: LocalOffer, title: str, figures_as_at: dt.date, by: User) -> Edition:
    """Start the next edition as a draft; `by` is its author, who can then never approve it.

    Raises `TransitionRefused` while another edition is on its way: an offer has one at a time.
    """
    offer = LocalOffer.objects.select_for_update().get(pk=offer.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, offer)
    if Edition.objects.filter(local_offer=offer).still_open().exists():
        raise TransitionRefused("An edition is on its way already. Finish or withdraw it before you start another")
    last = Edition.objects.filter(local_offer=offer).order_by("-number").first()
    edition = Edition.objects.create(
        local_offer=offer,
        number=last.number + 1 if last else 1,
        title=title,
        figures_as_at=figures_as_at,
        author=by,
        created_at=clock.now(),
    )
    audit.record(
        actor=by,
        action="start-edition",
        subject=edition,
        commissioner=offer.commissioner,
        detail={"number": edition.number},
    )
    return edition


@transaction.atomic
def change_edition(*, edition: Edition, title: str, figures_as_at: dt.date, by: User) -> Edition:
    """Change a draft's title and the day its figures are counted on."""
    edition = locked(edition)
    policies.check_permission(by, Permission.WRITE_OFFERS, edition.local_offer)
    policies.check_transition(by, edition, Verb.SUBMIT)
    edition.title = title
    edition.figures_as_at = figures_as_at
    edition.save(update_fields=["title", "figures_as_at"])
    contributions.note(offer=edition.local_offer, by=by, to=ContributionKind.TEXT)
    audit.record(actor=by, action="change-edition", subject=edition, commissioner=edition.local_offer.commissioner)
    return edition


@transaction.atomic
def submit(*, edition: Edition, by: User) -> Edition:
    """Hand a draft to the governing body. Its text and timeline are locked until it is decided.

    What was said of it in a consultation is answered or set aside before, and every change since the edition before
    has its reason.
    """
    edition = locked(edition)
    move = policies.check_transition(by, edition, Verb.SUBMIT)
    if waiting := count_open_comments(edition):
        raise TransitionRefused(
            f"Comments that wait for an answer: {waiting}. Answer each or set it aside, then submit the edition"
        )
    check_reasons(changes_of(edition))
    return make_move(edition, move, by=by)


@transaction.atomic
def return_to_author(*, edition: Edition, by: User, reason: str) -> Edition:
    """Send a submitted edition back to draft, with what is to be changed."""
    edition = locked(edition)
    move = policies.check_transition(by, edition, Verb.RETURN)
    return make_move(edition, move, by=by, reason=reason)


@transaction.atomic
def approve(*, edition: Edition, by: User, approved_on: dt.date | None = None) -> Edition:
    """Approve a submitted edition, as the governing body did at its meeting on a day (today, if none is said).

    Nobody who wrote any of it can; nor will the database let them.
    """
    edition = locked(edition)
    move = policies.check_transition(by, edition, Verb.APPROVE)
    if approved_on and approved_on > clock.today():
        raise Refused("Enter a day that is not in the future", field="approved_on")
    edition.approved_by = by
    edition.approved_at = clock.now()
    edition.approved_on = approved_on or clock.today()
    return make_move(edition, move, by=by)


@transaction.atomic
def withdraw(*, edition: Edition, by: User, reason: str) -> Edition:
    """Take back an approved or published edition. The public no longer sees it; the record stays."""
    edition = locked(edition)
    move = policies.check_transition(by, edition, Verb.WITHDRAW)
    return make_move(edition, move, by=by, reason=reason)


def check_reasons(since: Since | None) -> None:
    """Raise `TransitionRefused` while a change since the edition before has no reason, naming the first of them."""
    wanted = since.unexplained if since else ()
    if wanted:
        named = ", ".join(f"“{each.change.title}”" for each in wanted[:3])
        others = f" and {len(wanted) - 3} more" if len(wanted) > 3 else ""
        raise TransitionRefused(f"Give the reason for each change first. Still wanted: {named}{others}")


def fix_figures(edition: Edition) -> None:
    """Have the figures fixed that its text asks for: what the public is shown once it is shown ever after."""
    offer = edition.local_offer
    if figures_asked_for(offer):
        figures.fix(commissioner=offer.commissioner, as_at=edition.figures_as_at)


def locked(edition: Edition) -> Edition:
    """The edition as it is now, locked with its offer until the transaction ends: the offer first, always."""
    offer = LocalOffer.objects.select_for_update().select_related(None).get(pk=edition.local_offer_id)
    edition = Edition.objects.select_for_update(of=("self",)).get(pk=edition.pk)
    edition.local_offer = offer
    return edition


def make_move(
    edition: Edition, move: Transition, *, by: User, reason: str = "", detail: dict[str, Any] | None = None
) -> Edition:
    """Write a checked move: the status, what the caller set on the edition, the transition and the audit
    entry."""
    if move.needs_reason and not reason.strip():
        raise TransitionRefused("Enter the reason", field="reason")
    edition.status = move.target
    edition.save()
    EditionTransition.objects.create(
        edition=edition,
        verb=move.verb,
        from_status=move.source,
        to_status=move.target,
        by=by,
        at=clock.now(),
        reason=reason.strip(),
    )
    audit.record(
        actor=by,
        action=f"{move.verb}-edition",
        subject=edition,
        commissioner=edition.local_offer.commissioner,
        detail={"number": edition.number, **(detail or {})},
    )
    if move.verb in SEEN_BY_ALL:
        static_copy.ask_for_copy()
    return edition
