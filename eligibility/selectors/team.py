"""Who may be given a referral."""

import datetime as dt

from django.db.models import QuerySet

from eligibility.models.referrals import Referral, ReferralQuerySet
from phb_register.models import User
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.users import users_who_may


def team_of(referral: Referral, today: dt.date) -> QuerySet[User]:
    """Those who decide referrals of this referral's commissioner."""
    return users_who_may(Permission.DECIDE_REFERRALS, [referral.commissioner_id], today)


def team_beside(user: User, today: dt.date) -> QuerySet[User]:
    """Those who decide referrals of any commissioner whose referrals the user sees."""
    return users_who_may(Permission.DECIDE_REFERRALS, commissioner_ids(user, Permission.VIEW_REFERRALS), today)


def referrals_to_give(user: User, references: list[str]) -> ReferralQuerySet:
    """Those of the referrals with these references that the user may give to somebody."""
    rows = Referral.objects.visible_to(user, Permission.DECIDE_REFERRALS).filter(reference__in=references)
    return rows.select_related("person").order_by("decision_due_on", "pk")
