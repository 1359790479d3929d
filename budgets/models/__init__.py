"""Personal health budgets, the parts they are managed in and the shares that pay for them."""

from .agreed_budgets import AgreedBudget
from .arrangements import DirectPaymentArrangement, ThirdPartyArrangement, WheelchairArrangement
from .budget_settings import BudgetSettings
from .closures import BudgetClosure, ClosureTransition
from .court_orders import CourtOrder
from .delegated_tasks import DelegatedTask, TaskSignOff
from .indicative_budgets import IndicativeBudget, IndicativeBudgetLine
from .ledger import LedgerEntry, PaymentCorrection
from .needs_profiles import NeedsDomain, NeedsProfile, NeedsProfileLevel, NeedsTool
from .outcomes import OutcomeRating, OutcomeScale
from .partner_invoices import PartnerInvoice, PartnerInvoiceLine
from .parts import FundingShare, MethodPart
from .payment_files import PaymentFileLayout
from .payments import Payment, PaymentRun, PaymentRunTransition, PaymentSchedule
from .personal_health_budgets import PersonalHealthBudget
from .plan_parts import PlanFeature, PlanOutcome, PlanRisk, PlanService
from .plan_purchases import ProhibitedPurchase
from .querysets import PersonalHealthBudgetQuerySet
from .rate_cards import RateCard, RateCardTransition, RateCardValue
from .review_due import ReviewDue
from .reviews import Review, ReviewDraft, ReviewRequest, ReviewRequestTransition
from .stops import DirectPaymentStop
from .support_organisations import SupportOrganisation
from .support_plans import PlanDocument, PlanSignature, SupportPlan, SupportPlanTransition

__all__ = [
    "AgreedBudget",
    "BudgetClosure",
    "BudgetSettings",
    "ClosureTransition",
    "CourtOrder",
    "DelegatedTask",
    "DirectPaymentArrangement",
    "DirectPaymentStop",
    "FundingShare",
    "IndicativeBudget",
    "IndicativeBudgetLine",
    "LedgerEntry",
    "MethodPart",
    "NeedsDomain",
    "NeedsProfile",
    "NeedsProfileLevel",
    "NeedsTool",
    "OutcomeRating",
    "OutcomeScale",
    "PartnerInvoice",
    "PartnerInvoiceLine",
    "Payment",
    "PaymentCorrection",
    "PaymentFileLayout",
    "PaymentRun",
    "PaymentRunTransition",
    "PaymentSchedule",
    "PersonalHealthBudget",
    "PersonalHealthBudgetQuerySet",
    "PlanDocument",
    "PlanFeature",
    "PlanOutcome",
    "PlanRisk",
    "PlanService",
    "PlanSignature",
    "ProhibitedPurchase",
    "RateCard",
    "RateCardTransition",
    "RateCardValue",
    "Review",
    "ReviewDraft",
    "ReviewDue",
    "ReviewRequest",
    "ReviewRequestTransition",
    "SupportOrganisation",
    "SupportPlan",
    "SupportPlanTransition",
    "TaskSignOff",
    "ThirdPartyArrangement",
    "WheelchairArrangement",
]
