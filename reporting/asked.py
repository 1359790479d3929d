"""What an address asks to be counted: by one rule for the pages of figures and their files."""

import datetime as dt
from typing import Any

from phb_register.dates import last_month_end
from phb_register.models import Commissioner
from reporting.forms.equity import EquityForm, GroupForm, LensForm
from reporting.forms.figures import FiguresForm
from reporting.forms.variation import VariationForm
from reporting.presenters.pages import default_as_at
from reporting.selectors.dashboard import cohorts
from reporting.selectors.equity_lens import Lens, cohorts_compared, lens_for
from reporting.selectors.equity_outcomes import GroupAsked, question_with, questions_answered
from reporting.selectors.scope import Counted, counted, may_see_people
from reporting.services.equity_release import control_for, last_published


def figures_asked(
    user: Any, data: Any, commissioner: Commissioner, today: dt.date
) -> tuple[FiguresForm, Counted | None]:
    """What is asked of the dashboard, with its form; None where the form says what is wrong with it."""
    now = counted(commissioner, today)
    form = FiguresForm(data, cohorts=cohorts(now), today=today)
    return form, scope_for(user, form, now)


def variation_asked(
    user: Any, data: Any, commissioner: Commissioner, today: dt.date
) -> tuple[VariationForm, Counted | None]:
    """The same of the page of variation."""
    now = counted(commissioner, today)
    form = VariationForm(data, cohorts=cohorts(now), today=today)
    return form, scope_for(user, form, now)


def equity_asked(user: Any, data: Any, commissioner: Commissioner, today: dt.date) -> tuple[EquityForm, Counted | None]:
    """The same of the equity lens."""
    now = counted(commissioner, today)
    choices = cohorts_compared(commissioner, is_controlled=False)
    dated = LensForm(data, cohorts=choices, today=today)
    has_date = dated.is_valid()
    scope = scope_of(dated, now) if has_date else now
    is_controlled = not may_see_people(user, scope)
    if is_controlled:
        scope = last_published(scope)
    form = EquityForm(
        data,
        cohorts=cohorts_compared(commissioner, is_controlled=True) if is_controlled else choices,
        questions=questions_answered(scope),
        is_controlled=is_controlled,
        today=today,
    )
    return form, scope if has_date and form.is_valid() else None


def group_asked(user: Any, form: GroupForm, now: Counted) -> GroupAsked | None:
    """The people whom the form of a group, which was found right, asks for; None where the user may not see them."""
    scope = scope_of(form, now)
    reference = form.cleaned_data.get("question")
    question = question_with(reference) if reference else None
    if not may_see_people(user, scope) or (reference and question is None):
        return None
    of = (form.chosen_characteristic, form.cleaned_data["group"])
    return GroupAsked(scope, *of, form.chosen_cohort, question, form.chosen_answers)


def lens_asked(user: Any, scope: Counted, form: Any) -> Lens:
    """The lens that an equity form which was found right asks for, as this reader may see it."""
    # The form has found its questions already.
    return lens_for(
        scope,
        control=control_for(user, scope, purpose="equity"),
        cohort=form.chosen_cohort,
        questions=form.questions,
        question_reference=form.chosen_question,
    )


def scope_for(user: Any, form: FiguresForm, now: Counted) -> Counted | None:
    """What a form asks for, beside what counts now, of a reader who has the whole of it or its date alone.

    None where it is not right.
    """
    if not form.is_valid():
        return None
    scope = scope_of(form, now)
    if not may_see_people(user, scope):
        form.for_everybody()
        if form.cleaned_data.get("as_at") is None:
            scope = now.on(last_month_end(scope.as_at))
    return None if form.errors else scope


def scope_of(form: FiguresForm, now: Counted) -> Counted:
    """What a form that was found right asks for."""
    as_at = form.as_at_or(default_as_at(now.commissioner, now.as_at))
    return now.on(as_at, known_on=form.known_on_date(), only=form.only())
