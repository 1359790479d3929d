"""Reference data of this room: the cohorts, and the timelines of three local offers.

That of LLR is Appendix I of its briefing, that of Somerset section 2 of its local offer, that of Surrey sections 1, 5
and 6 of its briefing on the roll-out.

Arrives with `migrate`; safe to repeat. A cohort or an offer that exists already is left exactly as its
editors have it.
"""

import csv
import datetime as dt
from pathlib import Path

from django.db.models import Count

from offers.enums import SectionKind
from offers.models import Cohort, Edition, LocalOffer, OfferLine, Phase
from offers.rules.editions import LOCKING_STATUSES
from offers.services.offers import add_sections
from phb_register.models import Commissioner

FILES = Path(__file__).parent / "reference_files"


def load_cohorts() -> None:
    """Add the cohorts that are not there yet."""
    known = set(Cohort.objects.values_list("code", flat=True))
    Cohort.objects.bulk_create(
        Cohort(code=row["code"], name=row["name"], description=row["description"], position=int(row["position"]))
        for row in _rows(FILES / "cohorts.csv")
        if row["code"] not in known
    )


def load_reference_offers() -> None:
    """Add the offers that arrive with `migrate`, and to older ones what the template of sections got since."""
    load_local_offers(FILES)
    # One that waits for a decision stays as it is; the next `migrate` sees to it.
    decided = Edition.objects.filter(status__in=LOCKING_STATUSES).values("local_offer")
    counted = LocalOffer.objects.annotate(written=Count("sections")).exclude(pk__in=decided)
    for offer in counted.filter(written__lt=len(SectionKind)):
        add_sections(offer)


def load_local_offers(folder: Path) -> list[LocalOffer]:
    """Add each offer in `folder` that is not there yet, with its phases, lines and empty sections.

    An offer whose commissioner has one already, or is not in the register, is passed over. Returns those
    added.
    """
    commissioners = {row["commissioner"] for row in _rows(folder / "offers.csv")}
    found = Commissioner.objects.filter(code__in=commissioners).in_bulk(field_name="code")
    has_one = set(LocalOffer.objects.values_list("commissioner__code", flat=True))
    return [
        _add_offer(folder, row, found[row["commissioner"]])
        for row in _rows(folder / "offers.csv")
        if row["commissioner"] in found and row["commissioner"] not in has_one
    ]


def _add_offer(folder: Path, row: dict[str, str], commissioner: Commissioner) -> LocalOffer:
    offer = LocalOffer.objects.create(slug=row["slug"], title=row["title"], commissioner=commissioner)
    add_sections(offer)
    own_phases = [each for each in _rows(folder / "phases.csv") if each["commissioner"] == commissioner.code]
    phases = {
        each["name"]: Phase.objects.create(
            local_offer=offer,
            name=each["name"],
            starts_on=_date(each["starts_on"]),
            ends_on=_date(each["ends_on"]),
            timing=each["timing"],
            continues_earlier=each["continues_earlier"] == "yes",
            position=position,
        )
        for position, each in enumerate(own_phases, start=1)
    }
    cohorts = Cohort.objects.in_bulk(field_name="code")
    own_lines = [each for each in _rows(folder / "lines.csv") if each["commissioner"] == commissioner.code]
    OfferLine.objects.bulk_create(
        OfferLine(
            phase=phases[each["phase"]],
            cohort=cohorts[each["cohort"]],
            status=each["status"],
            note=each["note"],
            source=each["source"],
            position=position,
        )
        for position, each in enumerate(own_lines, start=1)
    )
    return offer


def _date(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
