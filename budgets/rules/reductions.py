"""When a direct payment may be lowered (2013 Regulations, regulation 13). Pure."""

from datetime import date, timedelta
from decimal import Decimal

from budgets.exceptions import Problem

from .agreement import REGULATIONS, day

REGULATION = f"regulation 13 of the {REGULATIONS}"


def check_reduction_notice(
    *,
    before: Decimal,
    after: Decimal,
    takes_effect_on: date,
    notice_given_on: date | None,
    reasons: str,
    notice_days: int,
) -> list[Problem]:
    """Whether a direct payment may go from `before` to `after` pounds a year on a day; nothing where it is not lowered.

    The payee is told in writing, with the reasons, a reasonable time before. What is reasonable the law leaves open:
    `notice_days`, calendar days, are the commissioner's own.
    """
    if after >= before:
        return []
    problems = []
    if not reasons.strip():
        problems.append(
            Problem(
                "reasons", f"Enter the reasons for the lower direct payment, as the notice gives them ({REGULATION})"
            )
        )
    earliest = None if notice_given_on is None else notice_given_on + timedelta(days=notice_days)
    if earliest is None:
        problems.append(
            Problem(
                "notice_given_on",
                f"Enter the date on which notice of the lower direct payment was given in writing ({REGULATION})",
            )
        )
    elif earliest > takes_effect_on:
        problems.append(
            Problem(
                "notice_given_on",
                f"Let the lower direct payment begin on or after {day(earliest)}: notice is given {notice_days} days "
                f"before ({REGULATION}; the number of days is the commissioner’s)",
            )
        )
    return problems
