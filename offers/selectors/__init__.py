"""Composed reads of local offers."""

from .cohorts import cohorts_for
from .lines import LineOnOffer, offer_for, offer_lines_for

__all__ = ["LineOnOffer", "cohorts_for", "offer_for", "offer_lines_for"]
