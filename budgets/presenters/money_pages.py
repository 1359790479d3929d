"""What each page of money says, put together for its template."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse

from budgets.enums import Method
from budgets.models import PersonalHealthBudget
from budgets.presenters import money as words
from budgets.presenters.money import Shown
from budgets.presenters.money_charts import cohort_chart, months_chart
from budgets.presenters.personal_health_budgets import budget_url, pounds
from budgets.presenters.sections import sections_of
from budgets.rules import money as m
from budgets.rules.money import Money
from budgets.selectors import money as selectors
from budgets.selectors.money import Period
from offers.models import Cohort
from phb_register.models import Commissioner, User
from phb_register.roles import Permission
from phb_register.scope import can
from phb_register.tables import Column, table_params

METHODS: dict[str, str] = dict(Method.choices)


def money_page(shown: Shown, user: Any) -> dict[str, Any]:
    """Everything that a commissioner's page of money shows."""
    glance, commissioner = shown.glance, shown.glance.commissioner
    has_budgets = not shown.method
    rows = shown.by_cohort()
    by_cohort = table_params(
        words.money_columns("Cohort", has_budgets=has_budgets), rows, caption="Money by cohort, in pounds"
    )
    by_method = table_params(
        words.money_columns("Method", has_budgets=False), shown.by_method(), caption="Money by method, in pounds"
    )
    has_saving = has_budgets and not shown.is_nhs
    code = commissioner.code
    return {
        "commissioner": commissioner,
        "as_at": words.period_words(glance.period),
        "is_empty": not shown.cohorts,
        "control": shown.profile.explanation if shown.profile else "",
        "tiles": words.tiles(shown),
        "chart": cohort_chart(rows, name=str(commissioner), year=glance.period.year.label, table=by_cohort),
        "by_cohort": by_cohort,
        "by_method": by_method,
        "savings": table_params(words.SAVING_COLUMNS, shown.savings(), caption="Saving against the packages replaced")
        if has_saving
        else None,
        "saving_definition": f"{m.SAVING.definition} {m.REPLACED.definition} ({m.SAVING.source})",
        "definitions": words.definitions(),
        "unit_costs_url": reverse("budgets:unit-costs", args=[code]),
        "organisations_url": reverse("budgets:money-organisations", args=[code]),
        "rate_cards_url": reverse("budgets:rate-card-owners")
        if can(user, Permission.WRITE_RATE_CARDS, commissioner)
        else "",
    }


def budgets_page(
    commissioner: Commissioner,
    period: Period,
    phbs: Sequence[PersonalHealthBudget],
    found: Mapping[int, Mapping[str, tuple[Money, Money]]],
    *,
    cohort: Cohort | None,
    method: str,
    is_nhs: bool,
) -> dict[str, Any]:
    """The PHBs behind a figure, each with the figures of the method asked for, or of all."""
    part = 1 if is_nhs else 0

    def of(phb: PersonalHealthBudget) -> Money:
        return m.total([each[part] for name, each in found.get(phb.pk, {}).items() if not method or name == method])

    columns: list[Column[PersonalHealthBudget]] = [
        Column("Person", lambda phb: phb.person.display_name, link=money_url),
        Column("Cohort", lambda phb: phb.cohort.name),
        *(_of_budget(measure, of) for measure in words.ON_THE_PAGE),
    ]
    said = [str(label) for label in (cohort, METHODS.get(method)) if label]
    return {
        "commissioner": commissioner,
        "as_at": words.period_words(period),
        "narrowed": ", ".join(said),
        "table": table_params(columns, phbs, caption="Personal health budgets, the latest agreed first"),
        "back": f"{reverse('budgets:money', args=[commissioner.code])}?year={period.year.begins}",
    }


def _of_budget(measure: m.Measure, of: Any) -> Column[PersonalHealthBudget]:
    return Column(measure.label, lambda phb: pounds(getattr(of(phb), measure.code)), is_number=True)


def money_url(phb: PersonalHealthBudget) -> str:
    """The address of a PHB's money."""
    return reverse("budgets:budget-money", args=[phb.reference])


def budget_page(phb: PersonalHealthBudget, period: Period, user: User) -> dict[str, Any]:
    """The money of one PHB: by method, of all funders and of the NHS, and month by month."""
    found = selectors.money_of([phb.pk], period).get(phb.pk, {})
    whole, nhs = (m.total([each[place] for each in found.values()]) for place in (0, 1))
    lines = [(METHODS[name], each[0]) for name, each in found.items()]
    lines += [("All funders", whole)] if len(lines) != 1 else []
    if nhs != whole:
        lines.append(("The NHS part", nhs))
    columns: list[Column[tuple[str, Money]]] = [
        Column("Method", lambda line: line[0]),
        *(_of_line(measure) for measure in words.ON_THE_PAGE),
    ]
    return {
        "phb": phb,
        "sections": sections_of(user, phb.referral, "money", phb=phb),
        "back": budget_url(phb),
        "as_at": words.period_words(period),
        "is_empty": not found,
        "tiles": [
            {"label": each.label, "value": pounds(getattr(whole, each.code)), "definition": each.definition}
            for each in (m.BUDGET, m.COMMITTED, m.PAID, m.FORECAST, m.VARIANCE)
        ],
        "table": table_params(columns, lines, caption="Money by method, in pounds"),
        "chart": months_chart(selectors.months_of(phb, period), year=period.year.label),
        "definitions": words.definitions(),
    }


def _of_line(measure: m.Measure) -> Column[tuple[str, Money]]:
    return Column(measure.label, lambda line: pounds(getattr(line[1], measure.code)), is_number=True)
