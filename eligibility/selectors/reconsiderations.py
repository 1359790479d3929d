"""Reads of reconsiderations, and of what a decision refused. Those that take a user see only their commissioners."""

import uuid

from django.db.models import QuerySet

from eligibility.enums import DecisionOutcome, RefusalKind
from eligibility.models.reconsiderations import Reconsideration, ReconsiderationTransition
from eligibility.models.referrals import Decision, Referral
from eligibility.rules.reconsideration_states import REQUEST, ReconsiderationStep, steps_from
from phb_register import scope
from phb_register.models import Person, Representative, User
from phb_register.roles import Permission

from .referrals import current_decision

_WITH_ALL = ("decision__referral__person", "decision__referral__commissioner", "decision__decided_by")


def refusals_of(decision: Decision) -> list[RefusalKind]:
    """What a decision refused; each can be reconsidered."""
    found = {
        RefusalKind.WHOLE: decision.outcome == DecisionOutcome.DECLINED,
        RefusalKind.PART: decision.outcome == DecisionOutcome.ACCEPTED_IN_PART,
        RefusalKind.DIRECT_PAYMENT: bool(decision.direct_payment_reason),
        RefusalKind.SERVICE: bool(decision.service_reason),
    }
    return [kind for kind, is_refused in found.items() if is_refused]


def reconsideration_for(
    user: User, reference: uuid.UUID, permission: Permission = Permission.VIEW_REFERRALS
) -> Reconsideration | None:
    """The reconsideration with this reference, if the user may see it."""
    rows = Reconsideration.objects.visible_to(user, permission).filter(reference=reference)
    return rows.select_related(*_WITH_ALL, "decision__cohort", "representative", "recorded_by", "decided_by").first()


def reconsiderations_of(referral: Referral) -> list[Reconsideration]:
    """Everything of a referral that was looked at again, the latest first."""
    rows = Reconsideration.objects.filter(decision__referral=referral)
    return list(rows.select_related("decision", "representative", "decided_by"))


def person_reconsiderations(user: User, person: Person) -> list[Reconsideration]:
    """Those of a person that the user may see, the latest first."""
    rows = Reconsideration.objects.visible_to(user).filter(decision__referral__person=person)
    return list(rows.select_related(*_WITH_ALL, "recorded_by", "decided_by"))


def transitions_of(reconsideration: Reconsideration) -> QuerySet[ReconsiderationTransition]:
    """What happened to a reconsideration, the oldest first."""
    return ReconsiderationTransition.objects.filter(reconsideration=reconsideration).select_related("made_by")


def reconsiderations_to_decide(user: User, limit: int) -> list[Reconsideration]:
    """Those that wait for this user's commissioners, the first due first."""
    rows = Reconsideration.objects.visible_to(user, Permission.DECIDE_REFERRALS).waiting()
    return list(rows.select_related(*_WITH_ALL)[:limit])


def notices_to_give(user: User, limit: int) -> list[Reconsideration]:
    """Those that are decided and whose outcome nobody was told yet, the longest decided first."""
    rows = Reconsideration.objects.visible_to(user, Permission.DECIDE_REFERRALS).decided()
    return list(rows.select_related(*_WITH_ALL)[:limit])


def steps_for(user: User, reconsideration: Reconsideration) -> list[ReconsiderationStep]:
    """What the user may do to it now: the buttons on its page. Whoever made the decision does not decide again."""
    commissioner = reconsideration.decision.referral.commissioner
    return [
        step
        for step in steps_from(reconsideration.status)
        if scope.can(user, step.permission, commissioner)
        and not (step.action == "decide" and reconsideration.decision.decided_by_id == user.pk)
    ]


def may_write_letter(user: User, reconsideration: Reconsideration) -> bool:
    """Whether there is an outcome to write of, and the user writes letters about the referral."""
    referral = reconsideration.decision.referral
    return bool(reconsideration.outcome) and scope.can(user, Permission.DECIDE_REFERRALS, referral.commissioner)


def decision_to_reconsider(user: User, referral: Referral) -> Decision | None:
    """The decision of a referral that can be looked at again now, if the user may record that somebody asked."""
    decision = current_decision(referral)
    if decision is None or not refusals_of(decision) or not scope.can(user, REQUEST.permission, referral.commissioner):
        return None
    is_open = Reconsideration.objects.filter(decision=decision).waiting().exists()
    return None if is_open else decision


def acting_for(person: Person) -> list[Representative]:
    """Everybody who acts or acted for a person, as a choice of who asked."""
    return list(person.representatives.all())
