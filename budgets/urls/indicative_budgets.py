"""What is planned from an accepted referral first: the needs and the indicative budgets."""

from django.urls import path

from budgets.views import indicative_budgets, needs_profiles

_REFERRAL = "referrals/<uuid:reference>/"

urlpatterns = [
    path(f"{_REFERRAL}needs/", needs_profiles.needs, name="needs"),
    path(f"{_REFERRAL}needs/record/", needs_profiles.record_needs, name="record-needs"),
    path("needs-tools/", needs_profiles.needs_tools, name="needs-tools"),
    path(f"{_REFERRAL}indicative-budgets/", indicative_budgets.indicative_budgets, name="indicative-budgets"),
    path(
        f"{_REFERRAL}indicative-budgets/work-out/",
        indicative_budgets.work_out_indicative_budget,
        name="work-out-indicative-budget",
    ),
    path(
        f"{_REFERRAL}indicative-budgets/<int:number>/", indicative_budgets.indicative_budget, name="indicative-budget"
    ),
]
