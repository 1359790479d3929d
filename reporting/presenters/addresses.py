"""Addresses that a page asks for again and again: Django looks through all of the site's for each."""

from functools import lru_cache

from django.urls import reverse


@lru_cache(4_000)
def address_of(name: str, *parts: str) -> str:
    """The address of this name with these parts, remembered."""
    return reverse(name, args=parts)
