"""What every page shows around its content: header, navigation, footer, session warning."""

from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse

from phb_register import demonstration_logins, slots
from phb_register.slots import NavigationItem

SERVICE_NAME: Final = "Personal health budget register"
# How long before the session ends a page warns of it: WCAG 2.2.1 asks for 20 seconds at the least.
WARNING_SECONDS: Final = 120


class Furniture:
    """Parameters of the header and footer, worked out only by the layouts that show them.

    The public layout asks for nothing here that needs the session, the user or the database.
    """

    service_name: Final = SERVICE_NAME
    session_seconds: Final = settings.SESSION_COOKIE_AGE
    warning_seconds: Final = WARNING_SECONDS

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def is_demonstration(self) -> bool:
        """Whether the people of this site are invented."""
        return bool(settings.DEMONSTRATION)

    @cached_property
    def header(self) -> dict[str, Any]:
        """The header of pages for users: who is signed in, and the parts of the site that are theirs."""
        header = self._plain_header()
        user = self.request.user
        if user.is_authenticated:
            sign_out = render_to_string("layouts/_sign_out.html", {"csrf_token": get_token(self.request)})
            header["account"] = {
                "items": [
                    {"text": user.get_full_name() or str(user), "href": reverse("mfa_index"), "icon": True},
                    {"html": sign_out},
                ]
            }
            header["navigation"] = self._navigation(slots.navigation_for(user))
        return header

    @cached_property
    def public_header(self) -> dict[str, Any]:
        """The header of public pages: the same for everybody."""
        header = self._plain_header()
        header["account"] = {"items": [{"text": "Staff sign in", "href": reverse("account_login")}]}
        header["navigation"] = self._navigation(slots.public_navigation())
        return header

    @cached_property
    def footer(self) -> dict[str, Any]:
        """The footer: what the register is not, and the pages that every service has."""
        links = [("Accessibility statement", "accessibility"), ("Privacy and cookies", "privacy")]
        if self.is_demonstration:
            links.append(("Components", "component-gallery"))
        return self._footer([{"text": text, "href": reverse(f"phb_register:{name}")} for text, name in links])

    @cached_property
    def public_footer(self) -> dict[str, Any]:
        """The footer of public pages: what the rooms offer a reader of this page, too."""
        own: list[dict[str, str]] = self.footer["meta"]["items"]
        return self._footer(
            [{"text": link.text, "href": link.url(self.request.path)} for link in slots.public_footer] + own
        )

    @property
    def demonstration_logins(self) -> list[dict[str, Any]]:
        """The card of roles on the sign-in page, a table for each area; empty outside the demonstration."""
        if not self.is_demonstration:
            return []
        return [
            {
                "caption": area,
                "head": ["Role", "E-mail address", "What they can do"],
                "rows": [[login.role_name, login.email, login.description] for login in logins],
                "firstCellIsHeader": True,
                "responsive": True,
            }
            for area, logins in groupby(demonstration_logins.LOGINS, key=attrgetter("area"))
        ]

    @property
    def demonstration_password(self) -> str:
        """The password of all of them."""
        return demonstration_logins.PASSWORD if self.is_demonstration else ""

    def _footer(self, links: list[dict[str, str]]) -> dict[str, Any]:
        return {
            "meta": {"items": links},
            "copyright": {"text": "The register supports decisions; a professional makes them."},
        }

    def _plain_header(self) -> dict[str, Any]:
        return {"service": {"text": SERVICE_NAME, "href": reverse("phb_register:home")}}

    def _navigation(self, items: list[NavigationItem]) -> dict[str, Any]:
        return {"items": [self._link(item) for item in items]}

    def _link(self, item: NavigationItem) -> dict[str, Any]:
        url, path = item.url, self.request.path
        return {
            "text": item.label,
            "href": url,
            "current": path == url,
            "active": path != url and url != "/" and path.startswith(url),
        }


def furniture(request: HttpRequest) -> dict[str, Any]:
    """``furniture`` in every template."""
    return {"furniture": Furniture(request)}
