"""Personal health budgets, the parts they are managed in and the shares that pay for them."""

from .agreed_budgets import AgreedBudget
from .arrangements import DirectPaymentArrangement, ThirdPartyArrangement, WheelchairArrangement
from .awaited_budgets import AwaitedBudget, ReferralThatMayAwaitABudget
from .budget_proposals import BudgetProposal, BudgetProposalTransition, ProposalMethod, ProposalShare
from .budget_settings import BudgetSettings
from .closures import BudgetClosure, ClosureTransition
from .court_orders import CourtOrder
from .delegated_tasks import DelegatedTask, TaskSignOff
from .indicative_budgets import IndicativeBudget, IndicativeBudgetLine
from .ledger import LedgerEntry, PaymentCorrection
from .monitoring import MonitoringReturn, MonitoringReturnTransition, ReturnSchedule, RingFencedSaving
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
from .recoveries import (
    Recovery,
    RecoveryNotice,
    RecoveryOutcome,
    RecoveryReconsideration,
    RecoveryTransition,
    Repayment,
    WriteOff,
)
from .register_imports import RegisterImport, RegisterImportFile, RegisterImportRow
from .review_due import ReviewDue
from .reviews import Review, ReviewDraft, ReviewRequest, ReviewRequestTransition
from .risk_panels import PanelItem, PanelMember, RiskPanel
from .statements import MatchingRule, Statement, StatementDraft, StatementLayout, StatementLine
from .stops import DirectPaymentStop
from .support_organisations import SupportOrganisation
from .support_plans import PlanDocument, PlanSignature, SupportPlan, SupportPlanTransition
from .surplus import Offset, OffsetTransition, Surplus

__all__ = [
    "AgreedBudget",
    "AwaitedBudget",
    "BudgetClosure",
    "BudgetProposal",
    "BudgetProposalTransition",
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
    "MatchingRule",
    "MethodPart",
    "MonitoringReturn",
    "MonitoringReturnTransition",
    "NeedsDomain",
    "NeedsProfile",
    "NeedsProfileLevel",
    "NeedsTool",
    "Offset",
    "OffsetTransition",
    "OutcomeRating",
    "OutcomeScale",
    "PanelItem",
    "PanelMember",
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
    "ProposalMethod",
    "ProposalShare",
    "RateCard",
    "RateCardTransition",
    "RateCardValue",
    "Recovery",
    "RecoveryNotice",
    "RecoveryOutcome",
    "RecoveryReconsideration",
    "RecoveryTransition",
    "ReferralThatMayAwaitABudget",
    "RegisterImport",
    "RegisterImportFile",
    "RegisterImportRow",
    "Repayment",
    "ReturnSchedule",
    "Review",
    "ReviewDraft",
    "ReviewDue",
    "ReviewRequest",
    "ReviewRequestTransition",
    "RingFencedSaving",
    "RiskPanel",
    "Statement",
    "StatementDraft",
    "StatementLayout",
    "StatementLine",
    "SupportOrganisation",
    "SupportPlan",
    "SupportPlanTransition",
    "Surplus",
    "TaskSignOff",
    "ThirdPartyArrangement",
    "WheelchairArrangement",
    "WriteOff",
]
