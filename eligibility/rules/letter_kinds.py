"""What each kind of letter tells, the slots its text may have, and the ones that the law makes it carry. Pure.

The law: SI 2013/2354 lets a person require that a refusal be reconsidered (of a direct payment, of a service, and by
regulation 32B of SI 2012/2996 of the budget itself), and asks for the reasons in writing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from eligibility.enums import AsksFor, DecisionOutcome, LetterKind, ReferralStatus

REFUSALS = (LetterKind.DECLINED, LetterKind.ACCEPTED_IN_PART)
DECISIONS = (LetterKind.ACCEPTED, *REFUSALS)
OF_A_REFERRAL = tuple(kind for kind in LetterKind if kind != LetterKind.BUDGET_OFFER)
EVERY_KIND = tuple(LetterKind)


@dataclass(frozen=True)
class LetterSlot:
    """A place in a template that is filled in when a letter is written.

    ``remedy`` says what to do where a letter has no value for it. A slot that ``is_asked`` stands in the letter's text
    until it is saved; what goes there is written in a box of its own.
    """

    code: str
    meaning: str
    example: str
    remedy: str
    kinds: tuple[LetterKind, ...] = EVERY_KIND
    is_asked: bool = False

    @property
    def written(self) -> str:
        """As it stands in a text."""
        return f"{{{{ {self.code} }}}}"


SLOTS: tuple[LetterSlot, ...] = (
    LetterSlot(
        "greeting",
        "Whom the letter is addressed to: the first line of the address",
        "Testa Kestrel",
        "Enter the name and address the letter goes to",
    ),
    LetterSlot("person_name", "The person the letter is about", "Testa Kestrel", "Record the person’s name"),
    LetterSlot("commissioner", "The commissioner", "Testshire ICB", "Record the commissioner’s name"),
    LetterSlot(
        "contact",
        "The contact details on letters, from the commissioner’s settings",
        "Personal health budgets team\n1 Example Street, Testtown\nPhone 01632 960001",
        "Enter the contact details on letters in the commissioner’s settings",
    ),
    LetterSlot("writer", "Who writes the letter", "Tamsin Turnstone", "Record your name with your user"),
    LetterSlot(
        "reference",
        "The reference of the referral",
        "3F2A-91C4",
        "Write the letter from the page of a referral",
        OF_A_REFERRAL,
    ),
    LetterSlot(
        "received_on",
        "The day the referral was received",
        "2 November 2026",
        "Write the letter from the page of a referral",
        OF_A_REFERRAL,
    ),
    LetterSlot(
        "decision_on", "The day of the decision", "20 November 2026", "Decide the referral before you write", DECISIONS
    ),
    LetterSlot(
        "cohort",
        "The cohort the referral is accepted for",
        "Continuing healthcare",
        "Accept the referral for a cohort before you write",
        (LetterKind.ACCEPTED, LetterKind.ACCEPTED_IN_PART),
    ),
    LetterSlot(
        "refused_part",
        "What is refused, where the rest is accepted",
        "Weekly sessions in the gym of a private club",
        "Enter what is refused",
        (LetterKind.ACCEPTED_IN_PART,),
        is_asked=True,
    ),
    LetterSlot(
        "reconsidered_on",
        "The day on which the reconsideration was finished",
        "18 December 2026",
        "Record the outcome of the reconsideration before you write",
        (LetterKind.RECONSIDERATION_OUTCOME,),
    ),
    LetterSlot(
        "reconsideration_outcome",
        "What came of the reconsideration",
        "The decision stands.",
        "Enter the outcome of the reconsideration",
        (LetterKind.RECONSIDERATION_OUTCOME,),
        is_asked=True,
    ),
    LetterSlot(
        "reasons",
        "The reasons, as the reader should read them",
        "The assessment of 10 November showed that the care is needed for two weeks only.",
        "Enter the reasons",
        (*REFUSALS, LetterKind.RECONSIDERATION_OUTCOME),
        is_asked=True,
    ),
    LetterSlot(
        "reconsideration_route",
        "How to have a refusal looked at again",
        "You can ask us to look at this decision again. Tell us why you think it is wrong.",
        "Enter how the person can have the decision looked at again",
        REFUSALS,
        is_asked=True,
    ),
    LetterSlot(
        "information_needed",
        "What is needed before a decision, one thing a line",
        "- The last assessment of your care\n- The name of your GP practice",
        "Enter the information needed",
        (LetterKind.MORE_INFORMATION,),
        is_asked=True,
    ),
    LetterSlot(
        "reply_by",
        "By when an answer is asked for",
        "4 December 2026",
        "Enter the date by which you ask for an answer",
        (LetterKind.MORE_INFORMATION, LetterKind.BUDGET_OFFER),
        is_asked=True,
    ),
)
BY_CODE: dict[str, LetterSlot] = {slot.code: slot for slot in SLOTS}

# What a template of the kind has to have a place for.
_CARRIED: dict[LetterKind, tuple[str, ...]] = {
    LetterKind.ACCEPTED: (),
    LetterKind.ACCEPTED_IN_PART: ("refused_part", "reasons", "reconsideration_route"),
    LetterKind.DECLINED: ("reasons", "reconsideration_route"),
    LetterKind.MORE_INFORMATION: ("information_needed",),
    LetterKind.BUDGET_OFFER: (),
    LetterKind.RECONSIDERATION_OUTCOME: ("reconsideration_outcome", "reasons"),
}


def slots_of(kind: str) -> list[LetterSlot]:
    """The slots that a text of this kind may have, in the order of lists."""
    return [slot for slot in SLOTS if kind in slot.kinds]


def asked_slots(kind: str) -> list[LetterSlot]:
    """The slots whose text is written with the letter."""
    return [slot for slot in slots_of(kind) if slot.is_asked]


def carried_by_template(kind: str) -> list[LetterSlot]:
    """The slots that every template of this kind has."""
    return [BY_CODE[code] for code in _CARRIED[LetterKind(kind)]]


def carried_by_letter(kind: str, *, has_route: bool) -> list[LetterSlot]:
    """The slots that a letter of this kind has. ``has_route``: whether the refusal can be reconsidered by right."""
    return [slot for slot in carried_by_template(kind) if has_route or slot.code != "reconsideration_route"]


def has_right_to_reconsideration(kind: str, *, is_right_to_have: bool, asks_for: str) -> bool:
    """Whether what this letter refuses can be reconsidered by right.

    A right to have a budget (regulation 32B, SI 2012/2996), a part of what was asked for, and a direct payment
    (SI 2013/1617 as amended by SI 2013/2354).
    """
    if kind == LetterKind.ACCEPTED_IN_PART:
        return True
    asked_for_payment = asks_for in (AsksFor.DIRECT_PAYMENT, AsksFor.MIXED)
    return kind == LetterKind.DECLINED and (is_right_to_have or asked_for_payment)


def kinds_for(status: str, outcome: str | None, *, refuses_something: bool, is_reconsidered: bool) -> list[LetterKind]:
    """The letters that can be written about a referral as it stands, the one to suggest first."""
    kinds: list[LetterKind] = []
    if is_reconsidered:
        kinds.append(LetterKind.RECONSIDERATION_OUTCOME)
    if status == ReferralStatus.SUBMITTED:
        kinds += [LetterKind.MORE_INFORMATION, LetterKind.BUDGET_OFFER]
    elif status == ReferralStatus.DECLINED:
        kinds.append(LetterKind.DECLINED)
    elif status == ReferralStatus.ACCEPTED:
        is_in_part = refuses_something or outcome == DecisionOutcome.ACCEPTED_IN_PART
        kinds += [LetterKind.ACCEPTED_IN_PART if is_in_part else LetterKind.ACCEPTED, LetterKind.BUDGET_OFFER]
    return kinds


def codes(slots: Iterable[LetterSlot]) -> list[str]:
    """The codes of slots."""
    return [slot.code for slot in slots]
