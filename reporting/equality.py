"""Who has a budget in place, by sex, age and ethnic group, as it may be shown beside the other figures. Pure.

Every table adds up to the people with a budget in place, which stand on the dashboard and in the local offer. So the
totals are taken as they are shown there: where one of them is hidden, or a table could only be made safe by hiding one
that is shown, the table is left out. A number is then the same wherever it stands.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from phb_register.disclosure import Controlled, Profile, Sum, protect, protect_derived
from reporting import measures as m
from reporting.release import Release

# Where each band begins; the first is that of children, as everywhere in the register.
AGE_BANDS: tuple[tuple[str, int], ...] = (
    ("0 to 17", 0), ("18 to 24", m.CHILD_UNTIL_AGE), ("25 to 44", 25), ("45 to 64", 45), ("65 to 74", 65),
    ("75 to 84", 75), ("85 and over", 85),
)  # fmt: skip

# The five groups of the census, from the national categories; not stated and not known are answers of their own.
ETHNIC_GROUPS: dict[str, str] = {
    **dict.fromkeys("ABC", "White"),
    **dict.fromkeys("DEFG", "Mixed"),
    **dict.fromkeys("HJKL", "Asian"),
    **dict.fromkeys("MNP", "Black"),
    **dict.fromkeys("RS", "Chinese or any other"),
    "Z": "Not stated (asked and declined)",
    "99": "Not known (not asked)",
}
TOTAL, CHILDREN, ADULTS = m.PEOPLE_IN_PLACE.code, m.CHILDREN_IN_PLACE.code, m.ADULTS_IN_PLACE.code


@dataclass(frozen=True)
class Share:
    """One line of a table: people, and what part of all they are, each as it may be shown."""

    label: str
    people: Controlled
    percent: Controlled


def ethnic_groups(by_category: Mapping[str, int]) -> dict[str, int]:
    """People by ethnic group, every group there is, from people by national category."""
    found = dict.fromkeys(ETHNIC_GROUPS.values(), 0)
    for code, people in by_category.items():
        found[ETHNIC_GROUPS.get(code, ETHNIC_GROUPS["99"])] += people
    return found


def shares(counts: Mapping[str, int], release: Release, profile: Profile) -> list[Share] | None:
    """The lines of a table whose parts add up to the people with a budget in place; None where it is left out."""
    total = release.cell(TOTAL)
    keys = {f"part/{label}": label for label in counts}
    values = {TOTAL: release.figures.people_in_place, **{key: counts[label] for key, label in keys.items()}}
    return _lines(keys, values, [Sum(TOTAL, tuple(keys))], {TOTAL: total}, profile)


def age_shares(counts: Mapping[str, int], release: Release, profile: Profile) -> list[Share] | None:
    """The same by age, whose first band is that of children and whose others are adults."""
    (first, _), *rest = AGE_BANDS
    keys = {CHILDREN: first} | {f"part/{label}": label for label, _ in rest}
    values = {TOTAL: release.figures.people_in_place, ADULTS: release.figures.adults_in_place}
    values |= {key: counts[label] for key, label in keys.items()}
    adults = tuple(f"part/{label}" for label, _ in rest)
    sums = [Sum(TOTAL, (CHILDREN, ADULTS)), Sum(ADULTS, adults)]
    known = {code: release.cell(code) for code in (TOTAL, ADULTS, CHILDREN)}
    return _lines(keys, values, sums, known, profile)


def _lines(
    keys: Mapping[str, str],
    values: Mapping[str, int],
    sums: Sequence[Sum],
    known: Mapping[str, Controlled],
    profile: Profile,
) -> list[Share] | None:
    if any(cell.is_hidden for cell in known.values()):
        return None
    shown = protect(values, sums, profile=profile, hidden_last=tuple(known))
    if any(shown[code].is_hidden for code in known):
        return None
    return [Share(label, shown[key], _percent(shown[key], known[TOTAL])) for key, label in keys.items()]


def _percent(part: Controlled, total: Controlled) -> Controlled:
    if not isinstance(part.value, int) or not isinstance(total.value, int) or not total.value:
        return protect_derived(None, "–", [part, total])
    percent = m.Ratio(part.value, total.value).percent
    return protect_derived(percent, f"{percent}%", [part, total])
