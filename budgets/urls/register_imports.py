"""Importing another register."""

from budgets.views.register_imports import PAGES

urlpatterns = PAGES.addresses("register/imports/")
