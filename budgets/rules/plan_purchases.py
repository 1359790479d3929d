"""What cannot be bought with a PHB: recognised by its category, or by its words. Pure.

The list itself is reference data (`models.ProhibitedPurchase`), each entry with its source.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from budgets.enums import PurchaseAuthority, ServiceCategory
from budgets.exceptions import Problem

#: How a category that cannot be bought is told from those that can, in the answer to one question.
PROHIBITED = "prohibited:"


@dataclass(frozen=True)
class Prohibited:
    """One kind of thing that cannot be bought; `words` it is recognised by, in lower case."""

    code: str
    label: str
    words: tuple[str, ...]
    authority: str
    citation: str

    @property
    def choice(self) -> str:
        """Its value among the categories."""
        return f"{PROHIBITED}{self.code}"


def recognised(text: str, listed: Iterable[Prohibited]) -> list[Prohibited]:
    """Those of the list whose words stand in a text, in any case and in the plural."""
    return [each for each in listed if any(_stands_in(word, text) for word in each.words)]


def _stands_in(word: str, text: str) -> bool:
    pattern = r"\s+".join(re.escape(piece) for piece in word.casefold().split())
    return re.search(rf"(?<!\w){pattern}(?:s|es)?(?!\w)", text.casefold()) is not None


def check_purchase(
    category: str, description: str, why_not_prohibited: str, listed: Sequence[Prohibited]
) -> list[Problem]:
    """Whether a line may be bought. A category that cannot is refused with its citation, whatever else is said.

    Words that look like such a category ask for it, or for why the line is something else.
    """
    stop = next((each for each in listed if each.choice == category), None)
    if stop is not None:
        return [Problem("category", _refusal(stop))]
    if category not in ServiceCategory.values:
        return [Problem("category", "Select what kind of service it is")]
    found = recognised(description, listed)
    if found and not why_not_prohibited.strip():
        names = " or ".join(f"“{each.label.lower()}”" for each in found)
        return [
            Problem(
                "category",
                f"Select {names} if that is what this is: it then cannot be bought ({_cited(found[0])}). If it is "
                "something else, say below why it can be bought",
            )
        ]
    return []


def _refusal(stop: Prohibited) -> str:
    return (
        f"A personal health budget cannot buy this: {stop.label.lower()} ({_cited(stop)}). Leave it out of the plan, "
        "or select another category if it is something else"
    )


def _cited(stop: Prohibited) -> str:
    if stop.authority == PurchaseAuthority.REGULATIONS:
        return stop.citation
    return f"{PurchaseAuthority(stop.authority).label.lower()}: {stop.citation}"
