"""Who has a budget in place: by sex, age and ethnic group."""

from phb_register.disclosure import DEFAULT_PROFILE
from reporting import board_packs as words
from reporting import measures as m
from reporting.board_packs import Block
from reporting.equality import Share, age_shares, shares
from reporting.selectors.equality import people_by_age, people_by_ethnic_group, people_by_sex
from reporting.selectors.pack_content.sources import Sources


def equality_blocks(sources: Sources) -> list[Block]:
    """A table each; one that could only be made safe by hiding a figure shown elsewhere is left out, and said so."""
    shown, scope = sources.release, sources.scope
    tables = {
        "sex": shares(people_by_sex(scope), shown, DEFAULT_PROFILE),
        "age": age_shares(people_by_age(scope), shown, DEFAULT_PROFILE),
        "ethnic group": shares(people_by_ethnic_group(scope), shown, DEFAULT_PROFILE),
    }
    return [
        words.text("People with a budget in place at the end of the as-at date, each counted once."),
        *(_table(name, found, shown.cell(m.PEOPLE_IN_PLACE.code).text) for name, found in tables.items()),
    ]


def _table(name: str, found: list[Share] | None, total: str) -> Block:
    if found is None:
        return words.text(f"By {name}: too few people to show without telling something of one of them.")
    rows = [(each.label, each.people.text, each.percent.text) for each in found]
    caption = f"People with a budget in place, by {name}"
    return words.table(caption, (name.capitalize(), "People", "Of all"), [*rows, ("All", total, "")], numeric=[1, 2])
