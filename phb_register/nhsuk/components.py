"""Renders components of the NHS design system through the macros of nhsuk-frontend-jinja.

No NHS markup is written by hand: an upgrade of the design system is a version number.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from html import unescape
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from jinja2 import ChainableUndefined, Environment, PackageLoader
from markupsafe import Markup

from phb_register.nhsuk.skeletons import render

# Component: (folder, macro, whether content can be nested in it). The folder is its name in the documentation at
# service-manual.nhs.uk; templates may use the folder's or the macro's name.
_COMPONENTS: Final = (
    ("action-link", "actionLink", True),
    ("back-link", "backLink", True),
    ("breadcrumb", "breadcrumb", False),
    ("button", "button", True),
    ("caption", "caption", True),
    ("card", "card", True),
    ("card/action", "cardAction", False),
    ("character-count", "characterCount", False),
    ("checkboxes", "checkboxes", False),
    ("code", "code", True),
    ("contents-list", "contentsList", False),
    ("date-input", "dateInput", False),
    ("details", "details", True),
    ("do-dont-list", "list", False),
    ("error-message", "errorMessage", True),
    ("error-summary", "errorSummary", True),
    ("fieldset", "fieldset", True),
    ("file-upload", "fileUpload", False),
    ("footer", "footer", True),
    ("header", "header", False),
    ("heading", "heading", True),
    ("hero", "hero", True),
    ("hint", "hint", True),
    ("images", "image", True),
    ("input", "input", False),
    ("inset-text", "insetText", True),
    ("label", "label", True),
    ("legend", "legend", True),
    ("notification-banner", "notificationBanner", True),
    ("pagination", "pagination", False),
    ("panel", "panel", True),
    ("password-input", "passwordInput", False),
    ("radios", "radios", False),
    ("scroll", "scroll", True),
    ("search-input", "searchInput", False),
    ("select", "select", False),
    ("skip-link", "skipLink", True),
    ("summary-list", "summaryList", True),
    ("summary-list/row", "summaryListRow", False),
    ("tables", "table", False),
    ("tabs", "tabs", False),
    ("tag", "tag", True),
    ("task-list", "taskList", False),
    ("textarea", "textarea", False),
    ("warning-callout", "warningCallout", True),
)
_BY_NAME: Final = {name: entry for entry in _COMPONENTS for name in (entry[0], entry[1])}

# Parameters whose value lands in an attribute of the markup, where a quotation mark would end it.
_IN_ATTRIBUTES: Final = frozenset(
    (
        "action",
        "alt",
        "ariaLabel",
        "autocapitalize",
        "autocomplete",
        "classes",
        "colour",
        "describedBy",
        "element",
        "for",
        "format",
        "headingId",
        "href",
        "id",
        "idPrefix",
        "inputmode",
        "labelledBy",
        "maxlength",
        "method",
        "name",
        "namePrefix",
        "pattern",
        "placeholder",
        "role",
        "scope",
        "size",
        "sort",
        "sortValue",
        "src",
        "target",
        "titleId",
        "type",
        "value",
        "variant",
        "width",
    )
)
# Parameters that the macros test for truth: 0 must arrive as "0" to be shown.
_SHOWN: Final = frozenset({"text", "html", "value"})


@cache
def _environment() -> Environment:
    # The macros are ports of Nunjucks, where a missing parameter's parameter is just missing.
    return Environment(
        loader=PackageLoader("nhsuk_frontend_jinja", "templates"),
        undefined=ChainableUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        # The macros come with a package: they do not change while the site runs.
        auto_reload=False,
    )


@cache
def _macro(folder: str, macro: str) -> Callable[..., Markup]:
    module = _environment().get_template(f"nhsuk/components/{folder}/macro.jinja").module
    return getattr(module, macro)  # type: ignore[no-any-return]


@cache
def _icon_macro() -> Callable[..., Markup]:
    return _environment().get_template("nhsuk/macros/icon.jinja").module.nhsukIcon  # type: ignore[attr-defined,no-any-return]


def component_names() -> list[str]:
    """Names of the components, as the service manual writes them in addresses ("summary-list")."""
    return [folder for folder, _, _ in _COMPONENTS]


def render_component(name: str, params: Mapping[str, Any], content: str | None = None) -> SafeString:
    """Render the component ``name`` with the parameters its documentation names (camelCase keys).

    Text is escaped unless Django has marked it safe; so is ``html``. ``content`` is nested inside the component.
    A table scrolls sideways on a narrow screen, in a region that the keyboard reaches, unless told otherwise.

    Raises ``LookupError`` for a name the design system does not have, ``ValueError`` for content in a component
    that takes none.
    """
    if name == "icon":
        rest = {key: value for key, value in params.items() if key != "name"}
        return mark_safe(str(_icon_macro()(params["name"], _plain(rest))))  # noqa: S308  # autoescaped by Jinja
    try:
        folder, macro, is_block = _BY_NAME[name]
    except KeyError:
        raise LookupError(f"The NHS design system has no component “{name}”") from None
    values = _plain(params)
    if macro == "table" and not values.get("responsive") and "scroll" not in values:
        values["scroll"] = True
    if content is not None and not is_block:
        raise ValueError(f"The component “{name}” takes no content: give it parameters")
    nested = None if content is None else Markup(conditional_escape(content))  # noqa: S704  # escaped on this very line
    markup = render(_macro(folder, macro), macro, values, nested)
    return mark_safe(markup.strip())  # noqa: S308  # autoescaped by Jinja


def nest_params(params: Mapping[str, Any]) -> dict[str, Any]:
    """Turn ``{"heading__level": 3}`` into ``{"heading": {"level": 3}}``; names under ``attributes`` get hyphens."""
    nested: dict[str, Any] = {}
    for key, value in params.items():
        *path, last = key.split("__")
        place = nested
        for step in path:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                inner = place[step] = {"text": inner}
            place = inner
        place[last.replace("_", "-") if "attributes" in path else last] = value
    return nested


def _plain(value: Any, key: str = "", *, in_attributes: bool = False, in_list: bool = False) -> Any:
    """What the macros understand: dicts, lists, strings, numbers, and Markup for what is safe."""
    if type(value) is str and not key.endswith(("tml", "attributes")):
        return value  # as most are, and nothing else about them has to be asked
    if isinstance(value, Mapping):
        inside = in_attributes or key == "attributes"
        return {str(name): _plain(item, str(name), in_attributes=inside) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, key, in_attributes=in_attributes, in_list=True) for item in value]
    if isinstance(value, Promise):
        value = str(value) if not hasattr(value, "__html__") else mark_safe(str(value))  # noqa: S308  # was marked safe
    if hasattr(value, "__html__"):
        markup = value.__html__()
        if "<" not in markup:
            # Text that is merely escaped, as every literal in a template is: the macros take safe strings for html,
            # and some then print a heading twice. Adding "" makes it a plain string, which str() does not.
            return _string(unescape(markup) + "", key)
        # Markup has no place in an attribute: there it is a text like any other.
        in_attribute = in_attributes or key in _IN_ATTRIBUTES
        return markup + "" if in_attribute else Markup(markup)  # noqa: S704  # marked safe by whoever made it
    if isinstance(value, str):
        return _string(value, key)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, Decimal | date) or key in _SHOWN or in_list:
        return str(value)
    return value


def _string(value: str, key: str) -> str | Markup:
    if key == "html" or key.endswith("Html"):
        # The macros print html as it stands: what Django has not marked safe is escaped here.
        return Markup(conditional_escape(value))  # noqa: S704  # escaped on this very line
    if key == "attributes":
        raise ValueError("Give attributes as a mapping: a string would be printed unescaped")
    return str(value)
