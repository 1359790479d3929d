"""The few PHBs that the demonstration shows from plan to review; the others are entries in a register."""

import datetime as dt

from budgets.enums import Method
from budgets.models import PersonalHealthBudget

#: How many of each: enough for every page to have something on it, few enough to load in a moment.
OF_EACH = {Method.DIRECT_PAYMENT: 12, Method.THIRD_PARTY: 4, Method.NOTIONAL: 4}
COMMISSIONER = "QK1"


def fully_run(method: Method, on: dt.date) -> list[PersonalHealthBudget]:
    """The earliest agreed PHBs with `method` of those in place on a day: the same at each load."""
    rows = PersonalHealthBudget.objects.in_place_on(on).with_method_on(method, on)
    found = rows.filter(commissioner__code=COMMISSIONER).select_related("person", "commissioner", "cohort", "referral")
    return list(found.order_by("agreed_on", "pk")[: OF_EACH[method]])
