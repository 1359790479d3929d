"""Filters and the search of the referral list."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest

from eligibility.enums import ReferralStatus
from eligibility.models import Referral
from eligibility.selectors.referrals import all_cohorts
from offers.models import Cohort
from phb_register.forms import NhsDateField, NhsForm
from phb_register.models import Commissioner
from phb_register.roles import Permission
from phb_register.selectors.commissioners import commissioners_of


class ReferralFilterForm(NhsForm):
    """The form of the filters: in the address, because they name nobody."""

    form_method = "get"
    submit_text = "Filter"
    mark_optional = False


class _DateFilter(django_filters.Filter):
    field_class = NhsDateField


def _cohorts(request: HttpRequest) -> QuerySet[Cohort]:
    return all_cohorts()


def _commissioners(request: HttpRequest) -> QuerySet[Commissioner]:
    return commissioners_of(request.user, Permission.VIEW_REFERRALS).bodies()


class ReferralFilter(django_filters.FilterSet):
    """The one definition of which referrals a page or a file shows. Give it the request, for the user's choices."""

    status = django_filters.ChoiceFilter(label="Status", choices=ReferralStatus.choices, empty_label="All")
    cohort = django_filters.ModelChoiceFilter(label="Group", queryset=_cohorts, to_field_name="code", empty_label="All")
    commissioner = django_filters.ModelChoiceFilter(
        label="Commissioner", queryset=_commissioners, to_field_name="code", empty_label="All"
    )
    received_from = _DateFilter(label="Received on or after", field_name="received_on", lookup_expr="gte")
    received_to = _DateFilter(label="Received on or before", field_name="received_on", lookup_expr="lte")

    class Meta:
        model = Referral
        form = ReferralFilterForm
        fields: tuple[str, ...] = ()
