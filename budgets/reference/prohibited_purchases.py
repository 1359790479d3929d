"""What no PHB buys, as it arrives with `migrate` from the file beside this module."""

import datetime as dt
import json
from pathlib import Path

from budgets.models import ProhibitedPurchase

FOLDER = Path(__file__).parent
#: The first day of the NHS (Direct Payments) Regulations 2013.
REGULATIONS_FROM = dt.date(2013, 8, 1)


def load_prohibited_purchases() -> None:
    """Add the national entries that are not there yet; what exists is left as it is. Safe to repeat."""
    entries = json.loads((FOLDER / "prohibited_purchases.json").read_text(encoding="utf-8"))
    known = set(ProhibitedPurchase.objects.filter(commissioner__isnull=True).values_list("code", flat=True))
    for entry in entries:
        if entry["code"] not in known:
            ProhibitedPurchase.objects.create(applies_from=REGULATIONS_FROM, **entry)
