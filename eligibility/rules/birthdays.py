"""Birthdays at which another rule begins to apply, and why somebody has to look ahead of them. Pure.

Nothing ends by itself on such a day: it is a task for the PHB team.

- **16** concerns every child with a live referral or a budget, however it is managed. Until then a representative
  consents to direct payments (regulation 4 of SI 2013/1617), from then on the young person who has capacity
  (regulation 3), and whoever acts by parental responsibility has no standing by it alone. The register cannot tell
  from a method who consents to the next one, so no child is left out.
- **18** concerns those in continuing care for children, which CHC takes the place of (part 6 of SI 2012/2996).
- **25** concerns those with an EHC plan, which ends at the latest with the academic year of that birthday
  (section 46 of the Children and Families Act 2014).
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from phb_register.rules import REVIEWED_AGES, birthday_on

# The 2013 Regulations came into force: what happened on a birthday before was under other rules.
FIRST_REVIEWED = dt.date(2013, 8, 1)


@dataclass(frozen=True)
class ReviewedAge:
    """One birthday: whom it concerns, by a fact or the cohort of their referral (neither: everybody), and why."""

    age: int
    why: str
    cohort: str | None = None
    fact: str | None = None
    answer: Any = None

    @property
    def title(self) -> str:
        """How the birthday is called: ``16th birthday``."""
        return f"{self.age}th birthday"


REVIEWED: dict[int, ReviewedAge] = {
    each.age: each
    for each in (
        ReviewedAge(
            16,
            "From 16 a young person with capacity consents to direct payments themselves, and parental responsibility "
            "alone no longer lets anybody act for them",
        ),
        ReviewedAge(
            18,
            "Continuing care for children ends at 18, and NHS continuing healthcare (CHC) is assessed ahead of it",
            cohort="continuing-care",
            fact="continuing_care",
            answer="eligible",
        ),
        ReviewedAge(
            25,
            "An EHC plan ends at 25, or with the academic year of that birthday",
            cohort="ehc-plan",
            fact="ehc_plan",
            answer=True,
        ),
    )
}
assert tuple(REVIEWED) == REVIEWED_AGES  # noqa: S101  the table and the column's choices are one list


def first_birth(age: int) -> dt.date:
    """The earliest date of birth of those whose birthday is reviewed at all."""
    return FIRST_REVIEWED.replace(year=FIRST_REVIEWED.year - age)


def is_overdue(born_on: dt.date, age: int, today: dt.date) -> bool:
    """Whether the birthday has come."""
    return birthday_on(born_on, age) <= today
