"""Template tags of the NHS design system. How to use them: docs/design-system.md."""

from typing import Any

from django import template
from django.forms import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

from phb_register.nhsuk.components import nest_params, render_component
from phb_register.nhsuk.rendering import error_list, render_field

register = template.Library()


@register.simple_tag
def nhsuk(name: str, params: dict[str, Any] | None = None, **extra: Any) -> SafeString:
    """``{% nhsuk "tag" text="Overdue" %}``, or ``{% nhsuk "summaryList" params=summary %}``; both may be mixed."""
    return render_component(name, {**(params or {}), **nest_params(extra)})


@register.simple_block_tag
def nhsukblock(content: str, name: str, params: dict[str, Any] | None = None, **extra: Any) -> SafeString:
    """``{% nhsukblock "card" heading="Next" %}…{% endnhsukblock %}``: a component around what the template says."""
    return render_component(name, {**(params or {}), **nest_params(extra)}, content)


@register.simple_block_tag
def nhsuk_landmark(content: str, label: str) -> SafeString:
    """What stands before the main content, in a landmark that assistive technology finds; nothing around nothing."""
    return format_html('<nav aria-label="{}">{}</nav>', label, content) if content.strip() else SafeString("")


@register.simple_tag
def nhsuk_field(field: BoundField) -> SafeString:
    """One field of a form with its label, hint and error."""
    return render_field(field)


@register.simple_tag
def nhsuk_error_summary(*forms: Any) -> SafeString | str:
    """The error summary of the page's forms, empty when there is nothing wrong. Each line links to its control."""
    errors = error_list(forms)
    if not errors:
        return ""
    return render_component("errorSummary", {"heading": "There is a problem", "errorList": errors})


@register.simple_tag
def nhsuk_title_prefix(*forms: Any) -> str:
    """“Error: ” before the page's title when a form of the page has errors."""
    return "Error: " if error_list(forms) else ""
