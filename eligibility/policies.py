"""Who may do what to a referral, and when. Each ``check_…`` raises with the reason; each ``can_…`` answers."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from phb_register import scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, User

from .exceptions import TransitionNotAllowed
from .models.referrals import Referral
from .rules.referral_states import Transition, transitions_from


def can_make(user: User, transition: Transition, commissioner: Commissioner) -> bool:
    """Whether the user holds one of the transition's permissions for the referral's commissioner."""
    return any(scope.can(user, permission, commissioner) for permission in transition.permissions)


def check_may_make(user: User, transition: Transition, commissioner: Commissioner) -> None:
    """Raise ``PermissionDenied`` unless ``can_make``."""
    if not can_make(user, transition, commissioner):
        needed = " or ".join(transition.permissions)
        raise PermissionDenied(f"This needs the permission {needed} for {commissioner}")


def check_may_follow(referral: Referral, transition: Transition) -> None:
    """Raise ``TransitionNotAllowed`` unless the referral's status leads to this transition."""
    if transition not in transitions_from(referral.status):
        raise TransitionNotAllowed(
            f"This referral is already {referral.get_status_display().lower()}. "
            "Check what was recorded before you do anything else"
        )


def check_moment(referral: Referral, on: dt.date, today: dt.date) -> None:
    """Raise ``Refused`` unless ``on`` lies between the day of receipt and today."""
    if on < referral.received_on:
        raise Refused(f"Date must be on or after {referral.received_on:%-d %B %Y}, when it was received", field="on")
    if on > today:
        raise Refused("Date must be today or in the past", field="on")


def check_receipt(person: Person, commissioner: Commissioner, received_on: dt.date, today: dt.date) -> None:
    """Raise ``Refused`` unless this commissioner could have received a referral of this person that day."""
    if received_on > today:
        raise Refused("Date the referral was received must be today or in the past", field="received_on")
    if received_on < person.born_on:
        raise Refused(
            "Date the referral was received must be on or after the person’s date of birth", field="received_on"
        )
    if person.died_on and received_on > person.died_on:
        raise Refused("This person died before the referral was received. Check the date", field="received_on")
    if commissioner.is_partnership or not commissioner.is_open_on(received_on):
        raise Refused(
            f"{commissioner} was not open on {received_on:%-d %B %Y}. Select another commissioner", field="commissioner"
        )


def actions_for(user: User, referral: Referral) -> list[Transition]:
    """What this user may do to the referral now: the buttons on its page."""
    return [step for step in transitions_from(referral.status) if can_make(user, step, referral.commissioner)]
