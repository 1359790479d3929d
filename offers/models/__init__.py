"""The tables of local offers."""

from .changes import Contribution, Explanation
from .cohorts import Cohort
from .consultations import CommentTransition, Consultation, ConsultationComment, ConsultationInvitation
from .drafts import SectionDraft
from .easy_read import EasyReadLine
from .editions import Edition, EditionTransition
from .feedback import Feedback, OfferReview
from .offers import LocalOffer, OfferSection
from .programme import Deliverable, EntryQuerySet, GovernanceBody, PhaseCap, ProgrammeEntry, Workstream
from .programme_people import DevelopmentNeed, EngagementEvent, StakeholderNeed
from .programme_records import PROGRAMME, ProgrammeTransition, ToolChoice
from .programme_start import SwocOption, Vision
from .programme_watch import Indicator, IndicatorReading, Risk, RiskScore
from .timeline import OfferLine, Phase

__all__ = [
    "PROGRAMME",
    "Cohort",
    "CommentTransition",
    "Consultation",
    "ConsultationComment",
    "ConsultationInvitation",
    "Contribution",
    "Deliverable",
    "DevelopmentNeed",
    "EasyReadLine",
    "Edition",
    "EditionTransition",
    "EngagementEvent",
    "EntryQuerySet",
    "Explanation",
    "Feedback",
    "GovernanceBody",
    "Indicator",
    "IndicatorReading",
    "LocalOffer",
    "OfferLine",
    "OfferReview",
    "OfferSection",
    "Phase",
    "PhaseCap",
    "ProgrammeEntry",
    "ProgrammeTransition",
    "Risk",
    "RiskScore",
    "SectionDraft",
    "StakeholderNeed",
    "SwocOption",
    "ToolChoice",
    "Vision",
    "Workstream",
]
