"""The words an answer is given in: one enumeration for each axis, kept apart (entitlement, direct payment,
funding).
"""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """What a person is entitled to. `more_information_needed` is not a strength: it says nothing is settled
    yet.
    """

    RIGHT_TO_HAVE = "right_to_have"
    RIGHT_TO_ASK = "right_to_ask"
    MAY_REQUEST = "may_request"
    MAY_BE_CONSIDERED = "may_be_considered"
    NOT_YET_OFFERED = "not_yet_offered"
    NOT_OFFERED = "not_offered"
    MORE_INFORMATION_NEEDED = "more_information_needed"

    @property
    def strength(self) -> int:
        """How much the outcome gives the person, 0 (nothing) to 5 (a right to have).

        Raises ValueError for `more_information_needed`, which cannot be compared.
        """
        if self is Outcome.MORE_INFORMATION_NEEDED:
            raise ValueError("More information needed has no strength: settle the answer first.")
        return BY_STRENGTH.index(self)

    @property
    def is_legal_right(self) -> bool:
        """True where the law, not a commissioner, gives it."""
        return self in (Outcome.RIGHT_TO_HAVE, Outcome.RIGHT_TO_ASK)

    @property
    def words(self) -> str:
        """The outcome as it reads inside a sentence."""
        return _OUTCOME_WORDS[self]


BY_STRENGTH: tuple[Outcome, ...] = (
    Outcome.NOT_OFFERED,
    Outcome.NOT_YET_OFFERED,
    Outcome.MAY_BE_CONSIDERED,
    Outcome.MAY_REQUEST,
    Outcome.RIGHT_TO_ASK,
    Outcome.RIGHT_TO_HAVE,
)
"""Outcomes from the weakest to the strongest; the place in this list is the strength."""

_OUTCOME_WORDS = {
    Outcome.RIGHT_TO_HAVE: "right to have",
    Outcome.RIGHT_TO_ASK: "right to ask",
    Outcome.MAY_REQUEST: "may request",
    Outcome.MAY_BE_CONSIDERED: "may be considered",
    Outcome.NOT_YET_OFFERED: "not yet offered",
    Outcome.NOT_OFFERED: "not offered",
    Outcome.MORE_INFORMATION_NEEDED: "more information needed",
}


class Layer(StrEnum):
    """Whose rule it is. A local rule can never give or take away a legal right."""

    NATIONAL = "national"
    LOCAL = "local"


class RuleSetStatus(StrEnum):
    """Where a version stands: `proposed` criteria never give more than `may_be_considered`."""

    IN_FORCE = "in_force"
    PROPOSED = "proposed"


class LineStatus(StrEnum):
    """Where a line of the local offer stands. Only a live line lets its criteria give what they say."""

    LIVE = "live"
    PLANNED = "planned"
    SCOPING = "scoping"
    PROPOSED = "proposed"


class DirectPayment(StrEnum):
    """Whether the 2013 Regulations let this person have a direct payment, whatever their entitlement."""

    PERMITTED = "permitted"
    NEEDS_REPRESENTATIVE = "needs_representative"
    EXCLUDED = "excluded"
    NOT_IN_FORCE = "not_in_force"
    MORE_INFORMATION_NEEDED = "more_information_needed"


class Method(StrEnum):
    """How a budget can be held."""

    NOTIONAL = "notional"
    THIRD_PARTY = "third_party"
    DIRECT_PAYMENT = "direct_payment"
    MIXED = "mixed"


class Funding(StrEnum):
    """Who is likely to pay. `nhs` is a personal health budget; `integrated_likely` an integrated personal
    budget.
    """

    NHS = "nhs"
    INTEGRATED_LIKELY = "integrated_likely"
    NOT_SETTLED = "not_settled"


class WarningKind(StrEnum):
    """Why somebody should look twice. A warning never blocks."""

    READING = "reading"
    LOCAL = "local"
    FAST_TRACK = "fast_track"
    CARE_HOME = "care_home"
    JOINT_FUNDING = "joint_funding"
    AGE = "age"
    FACTS_DISAGREE = "facts_disagree"
    CONTINUING_CARE = "continuing_care"
    COMMISSIONER = "commissioner"
