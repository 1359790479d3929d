"""Composed reads of local offers."""

from .cohorts import cohorts_for
from .lines import LineOnOffer, lines_on, offer_for, offer_lines_for

__all__ = ["LineOnOffer", "cohorts_for", "lines_on", "offer_for", "offer_lines_for"]
