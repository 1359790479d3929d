"""The tables of local offers."""

from .cohorts import Cohort
from .easy_read import EasyReadLine
from .editions import Edition, EditionTransition
from .offers import LocalOffer, OfferSection
from .timeline import OfferLine, Phase

__all__ = [
    "Cohort",
    "EasyReadLine",
    "Edition",
    "EditionTransition",
    "LocalOffer",
    "OfferLine",
    "OfferSection",
    "Phase",
]
