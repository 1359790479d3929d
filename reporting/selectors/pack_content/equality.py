"""Who has a budget in place, and who is missed: by age, sex, ethnic group, deprivation and locality."""

from reporting import board_packs as words
from reporting import measures as m
from reporting.board_packs import Block
from reporting.equity import Base, Line, Table
from reporting.rules.equity_groups import Characteristic
from reporting.rules.intervals import Mark
from reporting.selectors.equity_lens import Tables, uptake_by_group
from reporting.selectors.equity_release import previewed
from reporting.selectors.pack_content.sources import Sources


def equality_blocks(sources: Sources) -> list[Block]:
    """A table for each characteristic."""
    return blocks_of(uptake_by_group(sources.scope, control=previewed(sources.scope)))


def blocks_of(tables: Tables) -> list[Block]:
    """A table each. Categories of ethnicity are left to the page: a board reads the groups."""
    return [
        words.text(
            "People with a budget in place at the end of the as-at date, each counted once. A group is said to differ "
            "only where the 95% interval of its rate leaves the average out."
        ),
        *(
            _block(table)
            for each, table in tables.items()
            if each != Characteristic.ETHNIC_CATEGORY and _is_told(table)
        ),
    ]


def _is_told(table: Table) -> bool:
    """Whether a table says where anybody is: without a table of areas, nobody's place is known."""
    placed = table.characteristic in (Characteristic.DEPRIVATION, Characteristic.LOCALITY)
    return not placed or any(line.people.text != "0" for line in table.lines[:-1])


def _block(table: Table) -> Block:
    name = str(table.characteristic.label)
    shown = [line for line in table.lines if not line.people.is_hidden]
    if table.all.is_hidden or not any(line.people.value for line in shown):
        return words.text(f"By {name.lower()}: too few people to show without telling something of one of them.")
    has_rates = table.base.base == Base.POPULATION
    headings = (name, "People", "Of all", *(("Per 1,000 people", "Against the average") if has_rates else ()))
    rows = [_row(line, has_rates=has_rates) for line in table.lines]
    everybody = ("All", table.all.text, "", *((table.average.text, "") if has_rates else ()))
    caption = f"{m.PEOPLE_IN_PLACE.label}, by {name.lower()}"
    return words.table(caption, headings, [*rows, everybody], numeric=[1, 2, 3] if has_rates else [1, 2])


def _row(line: Line, *, has_rates: bool) -> tuple[str, ...]:
    told = (line.label, line.people.text, line.percent.text)
    compared = "" if line.mark == Mark.NOT_COMPARED else line.mark.value
    return (*told, line.rate.text, compared) if has_rates else told
