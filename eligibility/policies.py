"""Who may do what to a referral or rule set. Each ``check_…`` raises with the reason; each ``can_…`` answers."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from phb_register import scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, User
from phb_register.roles import Permission

from .enums import ReferralStatus
from .exceptions import TransitionNotAllowed
from .models.referrals import Referral
from .models.rule_sets import RuleSet, RuleSetVersion
from .rules.referral_states import Transition, transitions_from
from .rules.rule_set_states import VersionTransition, version_transition, version_transitions_from


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


def check_waits(referral: Referral) -> None:
    """Raise ``TransitionNotAllowed`` unless the referral waits for a decision."""
    if referral.status != ReferralStatus.SUBMITTED:
        raise TransitionNotAllowed(
            f"This referral is {referral.get_status_display().lower()}. Check what was recorded before you do anything"
        )


def check_is_paused(referral: Referral, *, expected: bool) -> None:
    """Raise ``TransitionNotAllowed`` unless the referral's clock is paused, or is not, as ``expected``."""
    if referral.is_paused != expected:
        raise TransitionNotAllowed(
            "The clock of this referral is not paused" if expected else "The clock of this referral is paused already"
        )


def can_work_on(user: User, referral: Referral) -> bool:
    """Whether the user may allocate, acknowledge and pause this referral now."""
    return referral.status == ReferralStatus.SUBMITTED and scope.can(
        user, Permission.DECIDE_REFERRALS, referral.commissioner
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


def can_with_rules(user: User, permission: Permission, rule_set: RuleSet) -> bool:
    """Whether the user has a permission for a rule set. Nobody may write a national one: it is the law's."""
    return RuleSet.objects.visible_to(user, permission).filter(pk=rule_set.pk).exists()


def check_rules_permission(user: User, permission: Permission, rule_set: RuleSet) -> None:
    """Raise ``PermissionDenied`` unless ``can_with_rules``."""
    if not can_with_rules(user, permission, rule_set):
        raise PermissionDenied(f"This needs the permission {permission} for {rule_set}")


def had_a_hand_in(user: User, version: RuleSetVersion) -> bool:
    """Whether the user prepared the version or ever edited it, and so may not approve it."""
    return version.prepared_by_id == user.pk or version.edits.filter(edited_by=user.pk).exists()


def check_may_move(user: User, version: RuleSetVersion, action: str, today: dt.date) -> VersionTransition:
    """The transition that ``action`` makes from where the version is, if this user may make it today.

    Raises ``PermissionDenied`` for want of permission, ``TransitionNotAllowed`` where the state, the day or the person
    rules it out.
    """
    step = version_transition(action, version.approval_status)
    if step is None:
        raise TransitionNotAllowed(
            f"Version {version.number} is now: {version.get_approval_status_display().lower()}. "
            "Open it again to see what can be done"
        )
    check_rules_permission(user, step.permission, version.rule_set)
    if step.is_by_somebody_else and had_a_hand_in(user, version):
        raise TransitionNotAllowed("You prepared or edited this version, so somebody else must approve it")
    if step.is_before_it_begins and version.effective_from <= today:
        raise TransitionNotAllowed(
            f"Version {version.number} has been used since {version.effective_from:%-d %B %Y}. "
            "Start another version that takes over from it"
        )
    return step


def version_moves(user: User, version: RuleSetVersion, today: dt.date) -> list[VersionTransition]:
    """What this user may do to the version today, in the order of the table: the buttons of its page."""
    return [
        step
        for step in version_transitions_from(version.approval_status)
        if can_with_rules(user, step.permission, version.rule_set)
        and not (step.is_by_somebody_else and had_a_hand_in(user, version))
        and not (step.is_before_it_begins and version.effective_from <= today)
    ]
