"""What a reader of the open data may ask in an address."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

DEFAULT_PER_PAGE, MOST_PER_PAGE = 50, 100
#: More than any directory has; a larger number is a slip, or an attempt on the database's offsets.
LAST_PAGE = 100_000
LONGEST_MOMENT = 40


class MomentField(forms.CharField):
    """A date, or a date and time, in the ISO form; without a time zone it is local time."""

    def to_python(self, value: Any) -> Any:
        """The moment. Raises `ValidationError` where it is none."""
        text = super().to_python(value)
        if not text:
            return None
        # A plus sign that nobody escaped arrives as a space.
        text = text[:LONGEST_MOMENT].replace(" ", "+")
        try:
            moment = parse_datetime(text) or parse_datetime(f"{parse_date(text)}T00:00:00")
        except ValueError:
            moment = None
        if moment is None:
            raise forms.ValidationError("Enter a date and time, for example 2026-11-22T09:00:00Z")
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


class PageQuery(forms.Form):
    """Which page of a list, and how long the pages are."""

    page = forms.IntegerField(min_value=1, max_value=LAST_PAGE, required=False)
    per_page = forms.IntegerField(min_value=1, required=False)

    def clean_page(self) -> int:
        """The first page where none is asked for."""
        return self.cleaned_data["page"] or 1

    def clean_per_page(self) -> int:
        """As many as asked for, up to what one answer may hold; the answer says how many it has."""
        return min(self.cleaned_data["per_page"] or DEFAULT_PER_PAGE, MOST_PER_PAGE)

    def problems(self) -> dict[str, str]:
        """What is wrong, by parameter."""
        return {name: " ".join(map(str, messages)) for name, messages in self.errors.items()}


class ServiceQuery(PageQuery):
    """Which services, or which organisations.

    The standard also has ages and times of day; nothing is kept of these, so they narrow nothing.
    """

    search = forms.CharField(required=False, max_length=200)
    taxonomy_id = forms.UUIDField(required=False)
    taxonomy_term_id = forms.UUIDField(required=False)
    organization_id = forms.UUIDField(required=False)
    modified_after = MomentField(required=False)
