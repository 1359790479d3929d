"""Who may do what to a referral or rule set. Each ``check_…`` raises with the reason; each ``can_…`` answers."""

import datetime as dt

from django.core.exceptions import PermissionDenied

from phb_register import scope
from phb_register.exceptions import Refused
from phb_register.models import Commissioner, Person, User
from phb_register.models.commissioners import counted_ids
from phb_register.roles import Permission

from .enums import ReferralStatus
from .exceptions import TransitionNotAllowed
from .models.referrals import Referral
from .models.rule_sets import RuleSet, RuleSetVersion
from .rules import RulesRefused
from .rules.referral_states import Transition, transitions_from
from .rules.rule_set_states import VersionTransition, version_transition, version_transitions_from

# A version may be tried on a day that has not come; further off, too little of what is known will still be so.
LONGEST_AHEAD = dt.timedelta(days=5 * 365)


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
    if not commissioner.is_body or not commissioner.is_open_on(received_on):
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


def check_trial(
    version: RuleSetVersion, commissioner: Commissioner, as_at: dt.date, period: tuple[dt.date, dt.date], today: dt.date
) -> None:
    """Raise ``Refused`` unless a version can be tried on a commissioner's people as at a date."""
    rule_set = version.rule_set
    is_for = rule_set.is_national or commissioner.pk == rule_set.commissioner_id
    if not is_for and not commissioner.partnerships.filter(partnership=rule_set.commissioner_id).exists():
        raise Refused(f"This rule set is not for the people of {commissioner}. Select another", field="commissioner")
    if as_at > today + LONGEST_AHEAD:
        raise Refused("As-at date must be less than 5 years ahead", field="as_at")
    if not counted_ids([commissioner.pk], as_at):
        raise Refused(
            f"{commissioner} counts nobody on {as_at:%-d %B %Y}. Choose a day on which it was open", field="as_at"
        )
    if period[0] > period[1]:
        raise Refused("The last day of the period must be on or after the first", field="period_to")
    try:
        version.as_rules()
    except RulesRefused as refused:
        raise Refused(f"The version cannot be read yet. {refused.problems[0]}") from refused


def may_screen_again(user: User, referral: Referral) -> bool:
    """Whether the user may put new facts about this referral to the rules."""
    needed = (Permission.MAKE_REFERRALS, Permission.DECIDE_REFERRALS)
    is_open = referral.status in (ReferralStatus.SUBMITTED, ReferralStatus.ACCEPTED)
    return is_open and any(scope.can(user, permission, referral.commissioner) for permission in needed)


def check_may_screen_again(user: User, referral: Referral) -> None:
    """Raise unless ``may_screen_again``: ``TransitionNotAllowed`` for its status, else ``PermissionDenied``."""
    if referral.status not in (ReferralStatus.SUBMITTED, ReferralStatus.ACCEPTED):
        raise TransitionNotAllowed(
            f"This referral is {referral.get_status_display().lower()}, so it is not screened again. Make a new one"
        )
    if not may_screen_again(user, referral):
        raise PermissionDenied(f"This needs the permission to make or decide referrals for {referral.commissioner}")


def check_screening_day(referral: Referral, on: dt.date, today: dt.date) -> None:
    """Raise ``Refused`` unless a referral can be screened as on this day."""
    if on < referral.received_on:
        received = f"{referral.received_on:%-d %B %Y}"
        raise Refused(f"Date must be on or after {received}, when the referral was received", field="assessed_on")
    if on > today:
        raise Refused("Date must be today or in the past", field="assessed_on")
