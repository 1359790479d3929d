"""When a direct payment may go to the payee's own account: the rule of the one-off, which counts and has no limit in
pounds. Pure.

One payment in a financial year for at most five items or services, and no other direct payment to the person in that
year; otherwise an account for direct payments alone is needed (2013 Regulations, regulations 10 and 11; the guidance
of 2014). A limit in pounds is a commissioner's own, and there is none unless it sets one.
"""

from decimal import Decimal

from budgets.exceptions import Problem

from .agreement import REGULATIONS

MOST_ITEMS = 5
DEDICATED = "Pay into an account for direct payments alone, a prepaid card or a managed account instead"
WHERE = f"regulations 10 and 11 of the {REGULATIONS}"


def check_one_off(
    *, items: int, other_payments: int, amount: Decimal | None = None, limit: Decimal | None = None
) -> list[Problem]:
    """Whether a one-off may go to the payee's own account.

    `other_payments` are the person's other direct payments in the same financial year; `amount` and `limit` in
    pounds, where the commissioner set a limit of its own.
    """
    problems = []
    if not 1 <= items <= MOST_ITEMS:
        problems.append(
            Problem("one_off_items", f"A one-off is for 1 to {MOST_ITEMS} items or services. {DEDICATED} ({WHERE})")
        )
    if other_payments:
        problems.append(
            Problem(
                "account_kind",
                f"The person has another direct payment in this financial year, so this is no one-off. {DEDICATED} "
                f"({WHERE})",
            )
        )
    if limit is not None and amount is not None and amount > limit:
        problems.append(
            Problem(
                "account_kind",
                f"The one-off of £{amount:,.2f} is above the £{limit:,.2f} that the commissioner pays into a payee’s "
                f"own account. {DEDICATED}",
            )
        )
    return problems
