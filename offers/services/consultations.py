"""Putting a draft to the public: opened with a text that stays as it is, lengthened, closed; and who is invited."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse

from offers import policies
from offers.exceptions import NotDeliverable, TransitionRefused
from offers.models import Consultation, ConsultationInvitation, Edition
from offers.rules.editions import Verb
from offers.selectors.content import current_snapshot
from offers.services.editions import fix_figures, locked, make_move
from phb_register import audit, clock, emails, static_copy
from phb_register.exceptions import Refused
from phb_register.models import User
from phb_register.roles import Permission

MOST_INVITED_AT_ONCE = 50


@transaction.atomic
def open_consultation(
    *,
    edition: Edition,
    opens_on: dt.date,
    closes_on: dt.date,
    introduction: str,
    by: User,
    at: dt.datetime | None = None,
) -> Consultation:
    """Put a draft to the public from `opens_on` to `closes_on`, both included, as it stands now.

    Raises `PermissionDenied`, `TransitionRefused`, `Refused` for days that are not in order, and `NotDeliverable` for
    a figure that nobody provides.
    """
    edition = locked(edition)
    move = policies.check_transition(by, edition, Verb.OPEN_CONSULTATION)
    if closes_on <= opens_on:
        raise Refused("Last day must be after the first day", field="closes_on")
    fix_figures(edition)
    snapshot, missing = current_snapshot(edition, published_on=None)
    if missing:
        raise NotDeliverable(
            f"The text asks for figures that are not provided: {', '.join(missing)}. Change the text first"
        )
    make_move(edition, move, by=by)
    before = Consultation.objects.light().filter(local_offer=edition.local_offer).order_by("-number").first()
    consultation = Consultation.objects.create(
        local_offer=edition.local_offer,
        edition=edition,
        number=before.number + 1 if before else 1,
        introduction=introduction.strip(),
        opens_on=opens_on,
        closes_on=closes_on,
        opened_by=by,
        opened_at=at or clock.now(),
        snapshot=snapshot,
    )
    _record(consultation, "open-consultation", by=by, closes_on=closes_on.isoformat())
    return consultation


@transaction.atomic
def lengthen_consultation(*, consultation: Consultation, closes_on: dt.date, by: User) -> Consultation:
    """Give the public more time. Raises `PermissionDenied`, or `Refused` where it would be less, or is closed."""
    held = held_open(consultation, by=by)
    if closes_on <= held.closes_on:
        raise Refused("Last day must be later than it is now. To end sooner, close the consultation", field="closes_on")
    held.closes_on = closes_on
    held.save(update_fields=["closes_on"])
    _record(held, "lengthen-consultation", by=by, closes_on=closes_on.isoformat())
    static_copy.ask_for_copy()
    return held


@transaction.atomic
def close_consultation(*, edition: Edition, by: User, at: dt.datetime | None = None) -> Edition:
    """Take no more comments. The edition is a draft again; comments and answers stay on the record.

    What is not answered yet can still be answered; the edition is not submitted before.
    """
    edition = locked(edition)
    move = policies.check_transition(by, edition, Verb.CLOSE_CONSULTATION)
    held = Consultation.objects.light().running().select_for_update(of=("self",)).get(edition=edition)
    held.closed_by, held.closed_at = by, at or clock.now()
    held.save(update_fields=["closed_by", "closed_at"])
    return make_move(edition, move, by=by, detail={"consultation": held.number})


@transaction.atomic
def invite(*, consultation: Consultation, addresses: Iterable[str], by: User) -> list[ConsultationInvitation]:
    """Ask users, by their e-mail addresses, for a comment; each gets an e-mail with the link, once.

    Whoever is invited already is passed over. Raises `PermissionDenied`, or `Refused` naming each address that no
    user has, or where the consultation is over.
    """
    held = held_open(consultation, by=by)
    asked_for = list(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))
    if not asked_for:
        raise Refused("Enter the e-mail addresses of the users to invite, each on a line of its own", field="addresses")
    if len(asked_for) > MOST_INVITED_AT_ONCE:
        raise Refused(f"Enter at most {MOST_INVITED_AT_ONCE} e-mail addresses at a time", field="addresses")
    users = {user.email: user for user in User.objects.filter(email__in=asked_for, is_active=True)}
    unknown = [address for address in asked_for if address not in users]
    if unknown:
        raise Refused(
            f"There is no user with the e-mail address {', '.join(unknown)}. Correct it, or send them the address of "
            "the public page",
            field="addresses",
        )
    invited = set(held.invitations.values_list("user_id", flat=True))
    return [_invite(held, user, by=by) for user in users.values() if user.pk not in invited]


def held_open(consultation: Consultation, *, by: User) -> Consultation:
    """The consultation as it is now, held to the end of the transaction, if it is not closed and the user runs it."""
    rows = Consultation.objects.light().with_edition()
    held = rows.select_for_update(of=("self",)).get(pk=consultation.pk)
    policies.check_permission(by, Permission.WRITE_OFFERS, held.local_offer)
    if held.is_closed:
        raise TransitionRefused("This consultation is closed. Open another one for the edition")
    return held


def _invite(consultation: Consultation, user: User, *, by: User) -> ConsultationInvitation:
    invitation = ConsultationInvitation.objects.create(
        consultation=consultation, user=user, invited_by=by, invited_at=clock.now()
    )
    offer, edition = consultation.local_offer, consultation.edition
    emails.send(
        to=user.email,
        subject=f"Your comment is asked for: {offer.title}",
        body=(
            f"{by.full_name} asks you for a comment on edition {edition.number} of “{offer.title}”, which is in "
            f"consultation until {consultation.closes_on:%-d %B %Y}.\n\n"
            "Sign in to read the draft and write your comment."
        ),
        link=reverse("offers:invited-comment", args=[offer.slug, consultation.number]),
        commissioner=offer.commissioner,
        about=consultation,
    )
    _record(consultation, "invite-to-consultation", by=by, user=user.pk)
    return invitation


def _record(consultation: Consultation, action: str, *, by: User, **detail: object) -> None:
    audit.record(
        actor=by,
        action=action,
        subject=consultation,
        commissioner=consultation.local_offer.commissioner,
        detail={"number": consultation.number, **detail},
    )
