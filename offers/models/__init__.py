"""The tables of local offers."""

from .cohorts import Cohort
from .consultations import CommentTransition, Consultation, ConsultationComment, ConsultationInvitation
from .easy_read import EasyReadLine
from .editions import Edition, EditionTransition
from .feedback import Feedback, OfferReview
from .offers import LocalOffer, OfferSection
from .timeline import OfferLine, Phase

__all__ = [
    "Cohort",
    "CommentTransition",
    "Consultation",
    "ConsultationComment",
    "ConsultationInvitation",
    "EasyReadLine",
    "Edition",
    "EditionTransition",
    "Feedback",
    "LocalOffer",
    "OfferLine",
    "OfferReview",
    "OfferSection",
    "Phase",
]
