"""The demonstration's programmes behind the local offers, entered by the services.

Safe to run again: a tool that somebody has used already is left alone.
"""

import datetime as dt
import tomllib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.db import models, transaction

from offers.demonstration.offers import FILES, OFFERS
from offers.models import PROGRAMME, Cohort, LocalOffer, Phase
from offers.programme_enums import ToolKind
from offers.programme_tools import TOOLS, Tool
from offers.services.programme import add_entry, add_reading, take_step
from phb_register import clock
from phb_register.models import User

#: Those that others name come first.
_ORDER = (
    ToolKind.BODIES,
    ToolKind.WORKSTREAMS,
    *(kind for kind in ToolKind if kind not in (ToolKind.BODIES, ToolKind.WORKSTREAMS)),
)


def load_programmes(progress: Callable[[int, int], None]) -> None:
    """Enter the programme of each offer that has a file of it."""
    for done, each in enumerate(OFFERS, start=1):
        file = FILES / "programme" / f"{each.code}.toml"
        if file.exists():
            offer = LocalOffer.objects.select_related("commissioner").get(commissioner__code=each.code)
            _load(offer, tomllib.loads(file.read_text(encoding="utf-8")), User.objects.get(email=each.author))
        progress(done, len(OFFERS))


@transaction.atomic
def _load(offer: LocalOffer, written: Mapping[str, list[dict[str, Any]]], by: User) -> None:
    for kind in _ORDER:
        if kind in written and not PROGRAMME[kind].objects.filter(local_offer=offer).exists():
            for entry in written[kind]:
                _enter(offer, TOOLS[kind], dict(entry), by)


def _enter(offer: LocalOffer, tool: Tool, written: dict[str, Any], by: User) -> None:
    steps, readings = written.pop("steps", []), written.pop("readings", [])
    # Of a few, the day is counted from today, so that there is something to do whenever the demonstration is loaded.
    for name in [name for name in written if name.endswith("_in_days")]:
        written[name.removesuffix("_in_days") + "_on"] = clock.today() + dt.timedelta(days=written.pop(name))
    entry = add_entry(offer=offer, tool=tool, details=_details(offer, tool, written), by=by)
    for step in steps:
        take_step(entry=entry, by=by, **step)
    for reading in readings:
        value = Decimal(str(reading["value"]))
        add_reading(indicator=entry, read_on=reading["read_on"], value=value, note=reading.get("note", ""), by=by)


def _details(offer: LocalOffer, tool: Tool, written: Mapping[str, Any]) -> dict[str, Any]:
    """What is written, and for all the tool asks besides what an empty form would give."""
    details: dict[str, Any] = {}
    for name in (*tool.fields, "is_in_board_pack"):
        field: Any = PROGRAMME[tool.kind]._meta.get_field(name)
        value = written.get(name, field.get_default())
        if isinstance(field, models.ForeignKey):
            value = _named(offer, field.related_model, value) if value else None
        elif isinstance(value, str):
            value = value.strip()
        details[name] = Decimal(str(value)) if isinstance(field, models.DecimalField) and value is not None else value
    return details


def _named(offer: LocalOffer, model: Any, name: str) -> Any:
    if model is Cohort:
        return Cohort.objects.on_offer(offer).get(code=name)
    if model is Phase:
        return Phase.objects.get(local_offer=offer, name=name)
    return next(each for each in model.objects.of(offer) if str(each) == name)
