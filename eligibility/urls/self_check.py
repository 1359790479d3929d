"""The address of the public self-check, below the local offer it belongs to."""

from django.urls import path

from eligibility.views import self_check

urlpatterns = [path("local-offers/<slug:slug>/can-i-have-one/", self_check.self_check, name="self-check")]
