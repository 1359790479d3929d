"""Reference data that arrives with ``migrate``.

Each room registers a loader. Loaders run after every ``migrate``, in order, and are written so that running them
again adds what is new in the files and never overwrites what a user has edited.
"""

import csv
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from phb_register.models import Commissioner, CommissionerKind, PartnershipMember, Population, Succession

FILES = Path(__file__).parent / "reference_files"

_loaders: dict[str, tuple[int, Callable[[], None]]] = {}


def add(name: str, order: int, load: Callable[[], None]) -> None:
    """Register ``load`` under ``name``; lower orders run first."""
    _loaders[name] = (order, load)


def load_all(**signal: Any) -> None:
    """Run every loader; a receiver of ``post_migrate``.

    Only on a database that is fully migrated: in the middle of a partial migration the tables are not what the
    models say.
    """
    if signal.get("using", DEFAULT_DB_ALIAS) != DEFAULT_DB_ALIAS:
        return
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    with transaction.atomic():
        for _, load in sorted(_loaders.values(), key=lambda each: each[0]):
            load()


def load_commissioners() -> None:
    """Every CCG and ICB of England with its dates and successors, and the partnerships with their members."""
    rows = _rows("commissioners.csv")
    known = set(Commissioner.objects.values_list("code", flat=True))
    Commissioner.objects.bulk_create(
        Commissioner(
            code=row["ods_code"],
            name=row["name"],
            kind=CommissionerKind(row["kind"].lower()),
            opened_on=dt.date.fromisoformat(row["opened_on"]),
            closed_on=dt.date.fromisoformat(row["closed_on"]) if row["closed_on"] else None,
        )
        for row in rows
        if row["ods_code"] not in known
    )
    ids = dict(Commissioner.objects.values_list("code", "pk"))
    closing = {row["ods_code"]: row["closed_on"] for row in rows}
    successions = [(row["ods_code"], row["successor"], True) for row in rows if row["successor"]]
    successions += [(row["predecessor"], row["successor"], False) for row in _rows("part_successions.csv")]
    Succession.objects.bulk_create(
        (
            Succession(
                predecessor_id=ids[predecessor],
                successor_id=ids[successor],
                took_effect_on=dt.date.fromisoformat(closing[predecessor]) + dt.timedelta(days=1),
                is_main=is_main,
            )
            for predecessor, successor, is_main in successions
        ),
        ignore_conflicts=True,
    )
    _load_partnerships(ids)


def _load_partnerships(ids: dict[str, int]) -> None:
    """Partnerships, their dated members and their populations; a partnership that exists is left as it is."""
    for row in _rows("partnerships.csv"):
        partnership, is_new = Commissioner.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "kind": CommissionerKind.PARTNERSHIP,
                "opened_on": dt.date.fromisoformat(row["opened_on"]),
            },
        )
        if not is_new:
            continue
        PartnershipMember.objects.bulk_create(
            PartnershipMember(
                partnership=partnership,
                member_id=ids[each["member"]],
                starts_on=dt.date.fromisoformat(each["starts_on"]),
                ends_on=dt.date.fromisoformat(each["ends_on"]) if each["ends_on"] else None,
            )
            for each in _rows("partnership_members.csv")
            if each["partnership"] == row["code"]
        )
        ids[row["code"]] = partnership.pk
    known = set(Population.objects.values_list("commissioner_id", "counted_on"))
    for row in _rows("populations.csv"):
        counted_on = dt.date.fromisoformat(row["counted_on"])
        commissioner_id = ids.get(row["commissioner"])
        if commissioner_id is not None and (commissioner_id, counted_on) not in known:
            Population.objects.create(
                commissioner_id=commissioner_id,
                basis=row["basis"],
                counted_on=counted_on,
                people=int(row["people"]),
                source=row["source"],
            )


def _rows(filename: str) -> list[dict[str, str]]:
    with (FILES / filename).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
