"""The tables of this room."""

from .drafts import ReferralDraft
from .referrals import Decision, Referral, ReferralTransition, Screening
from .rule_sets import RuleSet, RuleSetVersion, RuleSetVersionEdit, RuleSetVersionTransition

__all__ = [
    "Decision",
    "Referral",
    "ReferralDraft",
    "ReferralTransition",
    "RuleSet",
    "RuleSetVersion",
    "RuleSetVersionEdit",
    "RuleSetVersionTransition",
    "Screening",
]
