"""The filters of the register: one set behind the page and its file, so that what is exported is what is seen."""

import datetime as dt
from typing import Any

import django_filters

from budgets.enums import Method, State
from budgets.models import PersonalHealthBudget, PersonalHealthBudgetQuerySet
from budgets.selectors.register_pages import FEW_BODIES
from offers.models import Cohort
from offers.selectors import cohorts_for
from phb_register.filters import NhsDateFilter
from phb_register.forms import TODAY, NhsForm
from phb_register.models import Commissioner, User
from phb_register.paging import MOST_COUNTED, MOST_FOUND
from phb_register.roles import Permission
from phb_register.scope import commissioner_ids
from phb_register.selectors.commissioners import commissioners_of

LIVE = ""
ANY = "any"
STATES = (
    (State.IN_PLACE.value, "In place"),
    (State.AGREED.value, "Agreed, not started"),
    (State.ENDED.value, "Ended"),
    (ANY, "All"),
)
AGES = (("adult", "18 or over"), ("child", "17 or under"))
#: Filters that read more than the budget itself.
_FURTHER = ("method", "age", "funding")
FUNDING = (("nhs", "The NHS alone"), ("joint", "The NHS and others"))


class RegisterFilterForm(NhsForm):
    """The filters as a form; they stand in the address, so a page can be kept and passed on."""

    submit_text = "Show"
    form_method = "get"
    mark_optional = False


class RegisterFilter(django_filters.FilterSet):
    """PHBs by what they were on a date, and by cohort, method, commissioner, age and who pays.

    `as_at` is the date that state, method and age are read on; without one it is `today`.
    """

    as_at = NhsDateFilter(label="As at", required=False, latest=TODAY, help_text="For example, 7 2 2017. Empty: today")
    state = django_filters.ChoiceFilter(label="State", choices=STATES, empty_label="Agreed or in place")
    cohort = django_filters.ModelChoiceFilter(label="Cohort", queryset=Cohort.objects.none(), empty_label="All")
    method = django_filters.ChoiceFilter(label="Method", choices=Method.choices, empty_label="All")
    age = django_filters.ChoiceFilter(label="Age", choices=AGES, empty_label="All")
    funding = django_filters.ChoiceFilter(label="Paid by", choices=FUNDING, empty_label="All")
    commissioner = django_filters.ModelChoiceFilter(
        label="Commissioner", queryset=Commissioner.objects.none(), empty_label="All"
    )

    class Meta:
        model = PersonalHealthBudget
        form = RegisterFilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, data: Any, queryset: PersonalHealthBudgetQuerySet, *, user: User, today: dt.date) -> None:
        super().__init__(data, queryset)
        self.user, self.today = user, today
        self.filters["cohort"].queryset = cohorts_for(user, Permission.VIEW_BUDGETS)
        self.filters["commissioner"].queryset = commissioners_of(user, Permission.VIEW_BUDGETS).bodies()

    @property
    def bodies(self) -> frozenset[int]:
        """The commissioners whose rows can be left: the one chosen, or all whose the user may see."""
        chosen = self.form.cleaned_data.get("commissioner") if self.form.is_valid() else None
        return frozenset([chosen.pk]) if chosen else commissioner_ids(self.user, Permission.VIEW_BUDGETS)

    @property
    def most_counted(self) -> int:
        """How far the rows are counted. Of many commissioners, what is not in the row itself costs a look for each."""
        looks_further = self.form.is_valid() and any(self.form.cleaned_data[name] for name in _FURTHER)
        return MOST_FOUND if looks_further and len(self.bodies) > FEW_BODIES else MOST_COUNTED

    @property
    def as_at_date(self) -> dt.date:
        """The date that the page speaks of."""
        chosen: dt.date | None = self.form.cleaned_data.get("as_at") if self.form.is_valid() else None
        return chosen or self.today

    def filter_queryset(self, queryset: PersonalHealthBudgetQuerySet) -> PersonalHealthBudgetQuerySet:
        """The rows that the filters leave; none where a filter cannot be read."""
        if not self.form.is_valid():
            return queryset.none()
        chosen, day = self.form.cleaned_data, self.as_at_date
        rows = _in_state(queryset, chosen["state"], day)
        for name in ("cohort", "commissioner"):
            if chosen[name]:
                rows = rows.filter(**{name: chosen[name]})
        if chosen["method"]:
            rows = rows.with_method_on(Method(chosen["method"]), day)
        if chosen["age"]:
            rows = rows.of_adults_on(day) if chosen["age"] == "adult" else rows.of_children_on(day)
        if chosen["funding"]:
            rows = rows.jointly_funded_on(day) if chosen["funding"] == "joint" else rows.paid_by_nhs_alone_on(day)
        return rows


def _in_state(rows: PersonalHealthBudgetQuerySet, state: str, day: dt.date) -> PersonalHealthBudgetQuerySet:
    if state == ANY:
        return rows.filter(agreed_on__lte=day)
    if state == LIVE:
        return rows.live_on(day)
    return rows.in_state(State(state), day)
