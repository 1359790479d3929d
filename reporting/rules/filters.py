"""What figures are narrowed to, as it stands in an address: a cohort, a method, an age group, who pays. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum, unique
from typing import Any, Self


@unique
class AgeGroup(StrEnum):
    """Whether somebody is 18 or over on the as-at date."""

    ADULTS = "adults"
    CHILDREN = "children"


@unique
class Funding(StrEnum):
    """Who pays for a budget on the as-at date: the NHS alone, or others beside it."""

    NHS = "nhs"
    JOINT = "joint"


AGE_GROUP_LABELS: dict[str, str] = {AgeGroup.ADULTS: "Adults (18 or over)", AgeGroup.CHILDREN: "Children (0 to 17)"}
FUNDING_LABELS: dict[str, str] = {Funding.NHS: "The NHS alone", Funding.JOINT: "The NHS and others"}


@dataclass(frozen=True)
class Filters:
    """Only budgets of these are counted; what is empty narrows nothing. Values are codes, as in the address.

    `method` is the strongest way in which the budget itself is managed (`measures.METHOD_PRECEDENCE`) on the as-at
    date; for one that has ended by then, on its last day; for one that has not started, when it does.
    """

    cohort: str = ""
    method: str = ""
    age_group: str = ""
    funding: str = ""

    def __bool__(self) -> bool:
        return any(self.as_query().values())

    def as_query(self) -> dict[str, str]:
        """What stands in the address: the filters that narrow, by name."""
        return {each.name: value for each in fields(self) if (value := getattr(self, each.name))}

    @classmethod
    def of(cls, cleaned: Mapping[str, Any]) -> Self:
        """The filters among the fields of a form that was found right."""
        return cls(**{each.name: str(cleaned.get(each.name) or "") for each in fields(cls)})

    def without(self, name: str) -> Self:
        """The same but for one."""
        return replace(self, **{name: ""})
