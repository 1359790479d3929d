"""Addresses of the birthdays to review."""

from django.urls import path

from eligibility.views import birthdays

urlpatterns = [
    path("birthdays/", birthdays.birthdays, name="birthdays"),
    path("people/<uuid:reference>/birthdays/<int:age>/", birthdays.review, name="review-birthday"),
]
