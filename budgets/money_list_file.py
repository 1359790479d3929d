"""Money by cohort and method: what an address asks for, for the page and its file, and the file."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from budgets.forms.money import MoneyForm
from budgets.presenters import money as words
from budgets.presenters.money import Shown
from budgets.selectors import money as selectors
from offers.selectors import cohorts_for
from phb_register.list_files import Asked, ListFile, ListRows, list_files
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioner_for

CODE = "money"
PERMISSIONS = (Permission.VIEW_MONEY, Permission.EXPORT_FIGURES)


def money_form(user: Any, data: Any, today: dt.date) -> MoneyForm:
    """The filters of the page."""
    cohorts = list(cohorts_for(user, Permission.VIEW_MONEY))
    return MoneyForm(data, years=selectors.years_to_choose(today), cohorts=cohorts)


def shown_to(user: Any, commissioner: Commissioner, form: MoneyForm) -> Shown:
    """The figures that a form which was found right asks for, as this reader may see them."""
    profile = selectors.profile_for(user, commissioner)
    period = selectors.period_of(form.begins(), selectors.last_day_for(profile))
    glance = selectors.glance_of(commissioner, period)
    return Shown.of(
        glance,
        selectors.cohorts_in(glance),
        cohort=form.cohort_chosen,
        method=form.cleaned_data["method"],
        is_nhs=form.is_nhs,
        profile=profile,
    )


def money_list(asked: Asked) -> ListRows | None:
    """The figures by cohort and method."""
    code = asked.query.get("commissioner", "")
    commissioner = commissioner_for(asked.user, Permission.VIEW_MONEY, code)
    form = money_form(asked.user, asked.query, asked.today)
    if commissioner is None or not form.is_valid():
        return None
    if commissioner_for(asked.user, Permission.EXPORT_FIGURES, code) is None:
        return None
    shown = shown_to(asked.user, commissioner, form)
    return ListRows(
        words.FILE_COLUMNS,
        shown.by_both(),
        [
            ("Commissioner", str(commissioner)),
            ("Figures", words.period_words(shown.glance.period)),
            *form.in_words(),
        ],
        form.in_codes(),
        commissioner,
        as_at=shown.glance.period.as_at,
    )


def _page(query: Mapping[str, str]) -> str:
    rest = urlencode({name: value for name, value in query.items() if name != "commissioner"})
    if not query.get("commissioner"):
        return reverse("budgets:money-choice")
    return f"{reverse('budgets:money', args=[query['commissioner']])}?{rest}"


def fill() -> None:
    """Declare it."""
    list_files.add(ListFile(CODE, "Money by cohort and method", PERMISSIONS, money_list, _page, 60))
