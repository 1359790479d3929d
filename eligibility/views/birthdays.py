"""Birthdays at which another rule begins to apply: the list of those to review, and the review of one."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from eligibility.forms.birthdays import BirthdayReviewForm
from eligibility.presenters.birthdays import birthday_rows, birthdays_table, review_rows
from eligibility.presenters.referrals import person_referrals_table
from eligibility.selectors.birthdays import BirthdaysToReview, BirthdayTask, review_of, task_for
from eligibility.selectors.referrals import referrals_of
from eligibility.services.birthdays import review_birthday
from phb_register import audit, clock
from phb_register.access import requires
from phb_register.exceptions import Refused
from phb_register.models import Person
from phb_register.presenters import page_links
from phb_register.roles import Permission
from phb_register.views.people import person_page
from phb_register.views.support import PAGE_LENGTH, form_page, or_404, refuse

from .support import posted


@requires(Permission.DECIDE_REFERRALS)
@require_safe
def birthdays(request: HttpRequest) -> HttpResponse:
    """Every birthday to review, the first one first."""
    today = clock.today()
    tasks = BirthdaysToReview(request.user, today)  # type: ignore[arg-type]
    page: Page[BirthdayTask] = Paginator(tasks, PAGE_LENGTH).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    if page.object_list:
        audit.record_list(request.user, "Birthdays to review", [task.person for task in page])  # type: ignore[arg-type]
    context = {
        "page": page,
        "table": birthdays_table(page, today),
        "links": page_links(page, request.get_full_path()),
    }
    return TemplateResponse(request, "eligibility/birthdays.html", context)


@requires(Permission.DECIDE_REFERRALS)
@require_http_methods(["GET", "POST"])
@person_page(Permission.DECIDE_REFERRALS)
def review(request: HttpRequest, person: Person, age: int) -> HttpResponse:
    """Review one birthday of one person. The read is logged."""
    task: BirthdayTask = or_404(task_for(person, age), "birthday to review")
    audit.record_read(request.user, person)  # type: ignore[arg-type]
    form = BirthdayReviewForm(posted(request), today=clock.today())
    if form.is_valid():
        try:
            review_birthday(person=person, age=age, by=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"The review of the {task.reviewed.title} is saved")
            return redirect("phb_register:person", person.reference)
    made = review_of(person, age)
    context = {
        "task": task,
        "rows": birthday_rows(task, clock.today()),
        "made": review_rows(made) if made else None,
        "referrals": person_referrals_table(referrals_of(request.user, person)),  # type: ignore[arg-type]
    }
    return form_page(request, "eligibility/birthday.html", form, context)
