"""The tables of this room."""

from .drafts import ReferralDraft
from .referrals import Decision, Referral, ReferralTransition, Screening
from .rule_sets import RuleSet, RuleSetVersion

__all__ = [
    "Decision",
    "Referral",
    "ReferralDraft",
    "ReferralTransition",
    "RuleSet",
    "RuleSetVersion",
    "Screening",
]
