"""The versions of the Decision Support Tool that arrive with `migrate`, each fact with its source."""

import datetime as dt
import json
from pathlib import Path

from budgets.models import NeedsDomain, NeedsTool

FILE = Path(__file__).parent / "needs_tools.json"


def load_needs_tools() -> None:
    """Add the tools that are not there yet, with their domains; one that exists is left as it is. Safe to repeat.

    Nothing is marked as verified: that is for whoever holds a tool against its publication.
    """
    known = set(NeedsTool.objects.values_list("code", flat=True))
    for entry in json.loads(FILE.read_text(encoding="utf-8")):
        if entry["code"] in known:
            continue
        domains = entry.pop("domains")
        days = {
            name: dt.date.fromisoformat(entry.pop(name)) if entry[name] else entry.pop(name)
            for name in ("applies_from", "applies_to")
        }
        tool = NeedsTool.objects.create(**entry, **days)
        NeedsDomain.objects.bulk_create(
            NeedsDomain(tool=tool, position=position, **domain) for position, domain in enumerate(domains, start=1)
        )
