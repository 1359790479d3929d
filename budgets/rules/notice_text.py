"""The letter of a repayment notice: what it must say, in standard English and in easy read. Pure.

Source: regulation 15 of the NHS (Direct Payments) Regulations 2013: reasons, amount, time, person; and that the notice
can be looked at again.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from .agreement import day
from .recovery_states import PayerKind


@dataclass(frozen=True)
class NoticeFacts:
    """What a notice says; ``amount`` in pounds."""

    payer_name: str
    payer_kind: str
    person_name: str
    commissioner: str
    contact: str
    reasons: str
    amount: Decimal
    repay_by: dt.date
    is_easy_read: bool

    @property
    def pounds(self) -> str:
        """The amount as the letter says it."""
        return f"£{self.amount:,.2f}"

    def must_say(self) -> dict[str, str]:
        """The four things that a notice states, by their names."""
        return {
            "the reasons": self.reasons,
            "the amount": self.pounds,
            "the day to repay by": day(self.repay_by),
            "who must repay": self.payer_name,
        }


def notice_heading() -> str:
    """The heading of every notice."""
    return "Notice to repay money of a personal health budget"


def notice_body(facts: NoticeFacts) -> str:
    """The text of a notice, which its writer may change but for the four things."""
    return (_easy_read(facts) if facts.is_easy_read else _standard(facts)).strip() + "\n"


def _after_death(facts: NoticeFacts) -> str:
    if facts.payer_kind != PayerKind.PERSONAL_REPRESENTATIVES:
        return ""
    return (
        f"We are sorry for your loss. We write to you because you look after the estate of {facts.person_name}. The "
        "money is owed by the estate, not by you yourself.\n\n"
    )


def _standard(facts: NoticeFacts) -> str:
    return f"""Dear {facts.payer_name},

{_after_death(facts)}{facts.commissioner} paid money for the personal health budget of {facts.person_name}. \
We ask for some of it back.

## How much

**{facts.pounds}**

## By when

Please repay it by **{day(facts.repay_by)}**.

## Who must repay

{facts.payer_name}

## Our reasons

{facts.reasons}

## If you disagree

You can ask us to look at this again. Tell us why you think it is wrong, and anything we did not know. Somebody \
who did not make this decision will look at it, and we will give you their answer and their reasons in writing.

## How to reach us

If you cannot repay it all by then, or would like to talk this through, tell us.

{facts.contact}

Yours sincerely,

{facts.commissioner}
"""


def _easy_read(facts: NoticeFacts) -> str:
    return f"""Dear {facts.payer_name},

This letter is about money.

We paid money for the personal health budget of {facts.person_name}.

We ask you to pay some of it back.

## How much?

**{facts.pounds}**

## When?

Please pay it back by **{day(facts.repay_by)}**.

## Who must pay it back?

{facts.payer_name}

## Why?

{facts.reasons}

## What if you do not agree?

You can ask us to think again.

Tell us why you do not agree.

Somebody else will look at it.

## Do you have a question?

Ask us. You can ask somebody to help you.

{facts.contact}

From {facts.commissioner}
"""
