"""Reviews of budgets, and outcome scales."""

from django.urls import path

from budgets.views import outcome_scales, review_lists
from budgets.views import reviews as views

_BUDGET = "personal-health-budgets/<uuid:reference>/reviews/"
_SCALES = "outcome-scales/<str:code>/"

urlpatterns = [
    path("reviews/", review_lists.reviews, name="reviews"),
    path("reviews/outcomes/", review_lists.outcomes, name="outcomes"),
    path(_BUDGET, views.budget_reviews, name="budget-reviews"),
    path(f"{_BUDGET}write/", views.write_review, name="write-review"),
    path(f"{_BUDGET}write/keep/", views.keep_review, name="keep-review"),
    path(f"{_BUDGET}write/delete/", views.discard_review, name="discard-review"),
    path(f"{_BUDGET}plan/", views.plan_review, name="plan-review"),
    path(f"{_BUDGET}ask/", views.ask_for_review, name="ask-for-review"),
    path(f"{_BUDGET}requests/<uuid:asked>/set-aside/", views.set_aside, name="set-aside-review-request"),
    path(f"{_BUDGET}before/", views.outcome_baseline, name="outcome-baseline"),
    path(f"{_BUDGET}<int:number>/", views.review, name="review"),
    path(f"{_BUDGET}<int:number>/correct/", views.correct_review, name="correct-review"),
    path(_SCALES, outcome_scales.outcome_scales, name="outcome-scales"),
    path(f"{_SCALES}new/", outcome_scales.new_outcome_scale, name="new-outcome-scale"),
    path(f"{_SCALES}<uuid:reference>/", outcome_scales.outcome_scale, name="outcome-scale"),
    path(f"{_SCALES}<uuid:reference>/change/", outcome_scales.change_outcome_scale, name="change-outcome-scale"),
    path(f"{_SCALES}<uuid:reference>/end/", outcome_scales.end_outcome_scale, name="end-outcome-scale"),
]
