"""Reads of the filters that users keep."""

from typing import Any

from phb_register.models import SavedFilter


def saved_filters_of(user: Any, list_code: str) -> list[SavedFilter]:
    """The user's own filters of a list, by name."""
    return list(SavedFilter.objects.visible_to(user).of_list(list_code))


def saved_filter_for(user: Any, pk: int) -> SavedFilter | None:
    """One of the user's own filters."""
    return SavedFilter.objects.visible_to(user).filter(pk=pk).first()
