"""Keeping the filters of a list under a name. They are the user's own: nobody else sees or changes them."""

from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction

from phb_register.exceptions import Refused
from phb_register.models import SavedFilter, User
from phb_register.slots import FilteredList

LONGEST_QUERY = 1000
NAME_TAKEN = "You have saved filters under this name already. Enter another name"


def save_filter(*, user: User, of: FilteredList, name: str, query: str) -> SavedFilter:
    """Keep the filters that stand in an address, without the place on the list. Raises ``Refused``."""
    chosen = filters_in(of, query)
    if not chosen:
        raise Refused("Filter the list before you save the filters")
    if len(chosen) > LONGEST_QUERY:
        raise Refused("There are too many filters to save. Use fewer")
    return _saved(SavedFilter(user=user, list_code=of.code, name=name.strip(), query=chosen))


def rename_filter(*, saved: SavedFilter, name: str) -> SavedFilter:
    """Give saved filters another name. Raises ``Refused`` where the user has that name already."""
    saved.name = name.strip()
    return _saved(saved)


def delete_filter(*, saved: SavedFilter) -> None:
    """Forget saved filters. Doing it twice is the same."""
    SavedFilter.objects.filter(pk=saved.pk).delete()


def filters_in(of: FilteredList, query: str) -> str:
    """The filters of an address that choose something, without the place on the list."""
    chosen = [(key, value) for key, value in parse_qsl(query) if key not in of.places]
    return urlencode(chosen)


def _saved(saved: SavedFilter) -> SavedFilter:
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as clash:
        raise Refused(NAME_TAKEN, field="name") from clash
    return saved
