"""The tables of this room."""

from .birthdays import BirthdayReview
from .budget_offers import BudgetOffer
from .drafts import ReferralDraft, ScreeningDraft
from .letters import Letter, LetterSending, LetterTemplate
from .pauses import ReferralPause
from .reconsiderations import Reconsideration, ReconsiderationTransition
from .referrals import Decision, Referral, ReferralTransition, Screening
from .resource_implications import ResourceImplications, ResourceImplicationsPerson
from .rule_sets import RuleSet, RuleSetVersion, RuleSetVersionEdit, RuleSetVersionTransition
from .transfers import PersonTransfer, PersonTransferTransition, ResponsibilityCheck

__all__ = [
    "BirthdayReview",
    "BudgetOffer",
    "Decision",
    "Letter",
    "LetterSending",
    "LetterTemplate",
    "PersonTransfer",
    "PersonTransferTransition",
    "Reconsideration",
    "ReconsiderationTransition",
    "Referral",
    "ReferralDraft",
    "ReferralPause",
    "ReferralTransition",
    "ResourceImplications",
    "ResourceImplicationsPerson",
    "ResponsibilityCheck",
    "RuleSet",
    "RuleSetVersion",
    "RuleSetVersionEdit",
    "RuleSetVersionTransition",
    "Screening",
    "ScreeningDraft",
]
