"""The characteristics that uptake is compared by, and the groups of each. Pure.

Sex, ethnic category and age are those of the person's record. Deprivation and locality come from imported tables of
areas. "Not stated" (asked and declined), "not known" (not asked) and a place no table knows are groups of their own:
nobody is guessed into a group.
"""

from collections.abc import Mapping

from django.db.models import TextChoices

from phb_register.enums import EthnicCategory, Sex

CHILD_UNTIL_AGE = 18


class Characteristic(TextChoices):
    """What people are compared by."""

    AGE = "age", "Age"
    SEX = "sex", "Sex"
    ETHNIC_GROUP = "ethnic_group", "Ethnic group"
    ETHNIC_CATEGORY = "ethnic_category", "Ethnic category"
    DEPRIVATION = "deprivation", "Deprivation"
    LOCALITY = "locality", "Locality"


class Answers(TextChoices):
    """Whose people are asked for, of those who were asked whether things are better."""

    BOTH_TIMES = "both-times", "Answered both times"
    BETTER = "better", "Better"


#: Where each band begins; the first is that of children, as everywhere in the register.
AGE_BANDS: tuple[tuple[str, str, int], ...] = (
    ("0-17", "0 to 17", 0), ("18-24", "18 to 24", CHILD_UNTIL_AGE), ("25-44", "25 to 44", 25),
    ("45-64", "45 to 64", 45), ("65-74", "65 to 74", 65), ("75-84", "75 to 84", 75), ("85-over", "85 and over", 85),
)  # fmt: skip
CHILDREN = AGE_BANDS[0][0]

NOT_STATED, NOT_KNOWN = EthnicCategory.NOT_STATED.value, EthnicCategory.NOT_KNOWN.value
#: Where no table of areas says more: no postcode, or one the table does not have.
NO_PLACE = "not-known"

ETHNIC_GROUPS: dict[str, str] = {
    "white": "White",
    "mixed": "Mixed",
    "asian": "Asian",
    "black": "Black",
    "other": "Chinese or any other",
    NOT_STATED: "Not stated (asked and declined)",
    NOT_KNOWN: "Not known (not asked)",
}
#: The five groups of the census, from the national categories; not stated and not known stay what they are.
GROUP_OF_CATEGORY: dict[str, str] = {
    **dict.fromkeys("ABC", "white"),
    **dict.fromkeys("DEFG", "mixed"),
    **dict.fromkeys("HJKL", "asian"),
    **dict.fromkeys("MNP", "black"),
    **dict.fromkeys("RS", "other"),
    NOT_STATED: NOT_STATED,
    NOT_KNOWN: NOT_KNOWN,
}

QUINTILES: tuple[int, ...] = (1, 2, 3, 4, 5)
DEPRIVATION_GROUPS: dict[str, str] = {
    "1": "1: most deprived fifth",
    "2": "2",
    "3": "3",
    "4": "4",
    "5": "5: least deprived fifth",
    NO_PLACE: "Not known (no postcode, or not in the table)",
}
NO_LOCALITY = "Not known (no postcode or practice, or not in the table)"

#: The closed lists: code and words of each group, in the order of tables. Localities are what a table of areas says.
GROUPS: Mapping[str, Mapping[str, str]] = {
    Characteristic.AGE: {code: label for code, label, _ in AGE_BANDS},
    Characteristic.SEX: {code: str(label) for code, label in Sex.choices},
    Characteristic.ETHNIC_GROUP: ETHNIC_GROUPS,
    Characteristic.ETHNIC_CATEGORY: {code: str(label) for code, label in EthnicCategory.choices},
    Characteristic.DEPRIVATION: DEPRIVATION_GROUPS,
}
#: Groups of people about whom it is not known. They are counted and shown, and not compared.
UNKNOWN: frozenset[str] = frozenset({Sex.NOT_KNOWN.value, NOT_STATED, NOT_KNOWN, NO_PLACE})


def group_label(characteristic: str, group: str) -> str:
    """The words of a group; a locality is called by its name."""
    if characteristic == Characteristic.LOCALITY:
        return NO_LOCALITY if group == NO_PLACE else group
    return GROUPS[characteristic][group]


def groups_to_count(characteristic: str) -> dict[str, str]:
    """The groups of a closed list that people eligible can be counted in, by code."""
    return {code: label for code, label in GROUPS[characteristic].items() if code != NO_PLACE}


def is_group(characteristic: str, group: str) -> bool:
    """Whether people eligible can be counted in this group."""
    if characteristic == Characteristic.LOCALITY:
        return bool(group.strip()) and group != NO_PLACE
    return group in groups_to_count(characteristic)


def in_order(characteristic: str, counts: Mapping[str, int]) -> dict[str, int]:
    """Every group there is with its count, nought where nobody is in it; localities by name, not known last."""
    if characteristic != Characteristic.LOCALITY:
        return {code: counts.get(code, 0) for code in GROUPS[characteristic]}
    named = sorted(name for name in counts if name != NO_PLACE)
    return {name: counts[name] for name in named} | {NO_PLACE: counts.get(NO_PLACE, 0)}


def by_ethnic_group(by_category: Mapping[str, int]) -> dict[str, int]:
    """People by ethnic group from people by national category; an unknown code is not known."""
    found = dict.fromkeys(ETHNIC_GROUPS, 0)
    for code, people in by_category.items():
        found[GROUP_OF_CATEGORY.get(code, NOT_KNOWN)] += people
    return found
