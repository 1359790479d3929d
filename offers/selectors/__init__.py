"""Composed reads of local offers."""

from .lines import LineOnOffer, offer_for, offer_lines_for

__all__ = ["LineOnOffer", "offer_for", "offer_lines_for"]
