"""The lists of this room that can be taken as files, each by the filters of its page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from phb_register.email_presenters import OUTBOX_COLUMNS
from phb_register.filters import AccessLogFilter, in_codes, in_words
from phb_register.list_files import Asked, ListFile, ListRows, list_files, rows_as_shown
from phb_register.merge_presenters import MERGE_COLUMNS
from phb_register.presenters import ACCESS_LOG_COLUMNS, MEMBERSHIP_COLUMNS, PEOPLE_COLUMNS
from phb_register.roles import Permission
from phb_register.selectors.access_log import access_log_for
from phb_register.selectors.emails import emails_visible_to
from phb_register.selectors.merges import merges_of
from phb_register.selectors.people import people_found
from phb_register.selectors.users import memberships_visible_to
from phb_register.tables import Column, table_params


def access_log_list(asked: Asked) -> ListRows | None:
    """The access log, filtered."""
    chosen = AccessLogFilter(asked.query or None, queryset=access_log_for(asked.user))
    if chosen.form.is_bound and not chosen.form.is_valid():
        return None
    words, codes = (in_words(chosen.form), in_codes(chosen.form)) if chosen.form.is_bound else ([], {})
    return ListRows(ACCESS_LOG_COLUMNS, chosen.qs, words, codes)


def people_list(asked: Asked) -> ListRows:
    """The people found."""
    rows: Any = people_found(asked.user, asked.words)
    return rows_as_shown(rows.visible_to(asked.user, Permission.EXPORT_FIGURES), _table(PEOPLE_COLUMNS))


def _table(columns: Sequence[Column[Any]]) -> Callable[[list[Any]], dict[str, Any]]:
    return lambda batch: table_params(columns, batch, caption="")


def _page(url_name: str) -> Callable[[Mapping[str, str]], str]:
    return lambda query: f"{reverse(url_name)}?{urlencode(query)}"


def fill() -> None:
    """Declare the lists."""
    for order, (code, title, permissions, rows) in enumerate(
        (
            ("people", "People on the register", (Permission.VIEW_PEOPLE, Permission.EXPORT_FIGURES), people_list),
            ("access-log", "Access log", (Permission.VIEW_ACCESS_LOG,), access_log_list),
            (
                "merges",
                "Merges",
                (Permission.MERGE_PEOPLE, Permission.EXPORT_FIGURES),
                lambda asked: rows_as_shown(merges_of(asked.user), _table(MERGE_COLUMNS)),
            ),
            (
                "users",
                "Users and their roles",
                (Permission.MANAGE_USERS,),
                lambda asked: rows_as_shown(memberships_visible_to(asked.user), _table(MEMBERSHIP_COLUMNS)),
            ),
            (
                "outbox",
                "E-mails",
                (Permission.MANAGE_USERS,),
                lambda asked: rows_as_shown(emails_visible_to(asked.user), _table(OUTBOX_COLUMNS)),
            ),
        )
    ):
        list_files.add(ListFile(code, title, permissions, rows, _page(f"phb_register:{code}"), order))
