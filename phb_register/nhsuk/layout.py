"""Layout objects of the template pack, beside crispy's own Layout, Div, Fieldset, Row, Column, Field and HTML."""

from typing import Any

from crispy_forms.layout import TemplateNameMixin
from crispy_forms.utils import TEMPLATE_PACK
from django.template.loader import render_to_string
from django.utils.safestring import SafeString


class Actions(TemplateNameMixin):
    """The form's button, and a link beside it for those who change their mind."""

    template = "%s/layout/actions.html"

    def __init__(
        self,
        text: str,
        *,
        name: str | None = None,
        value: str | None = None,
        variant: str | None = None,
        cancel_url: str | None = None,
        cancel_text: str = "Cancel",
    ) -> None:
        self.button = {"text": text, "name": name, "value": value, "variant": variant, "preventDoubleClick": True}
        self.cancel_url = cancel_url
        self.cancel_text = cancel_text

    def render(self, form: Any, context: Any, template_pack: Any = TEMPLATE_PACK, **kwargs: Any) -> SafeString:
        """Draw it."""
        return render_to_string(self.get_template_name(template_pack), {"actions": self})
