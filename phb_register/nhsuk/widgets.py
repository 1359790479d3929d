"""Widgets with what the NHS components can do and Django's own widgets have no word for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms


class _ChoiceOptions:
    """Hints, one line or small controls, for a list of choices."""

    def __init__(
        self,
        attrs: dict[str, Any] | None = None,
        choices: Any = (),
        *,
        hints: Mapping[str, str] | None = None,
        is_inline: bool = False,
        is_small: bool = False,
        exclusive: str | None = None,
    ) -> None:
        super().__init__(attrs, choices)  # type: ignore[call-arg]  # of the Django widget it is mixed into
        self.hints = dict(hints or {})
        self.is_inline = is_inline
        self.is_small = is_small
        self.exclusive = exclusive


class Radios(_ChoiceOptions, forms.RadioSelect):
    """Radio buttons. ``hints`` maps a value to the line under its label."""


class Checkboxes(_ChoiceOptions, forms.CheckboxSelectMultiple):
    """Checkboxes. Ticking the value ``exclusive`` ("None of these") unticks the others."""


class AffixedInput(forms.TextInput):
    """A text input with a sign before or after it: £, %. The sign is not part of the value."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, prefix: str = "", suffix: str = "") -> None:
        super().__init__(attrs)
        self.prefix = prefix
        self.suffix = suffix


class DateBoxes(forms.MultiWidget):
    """Day, month and year in three boxes, named ``<field>_day``, ``<field>_month`` and ``<field>_year``."""

    PARTS = ("day", "month", "year")

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({part: forms.TextInput() for part in self.PARTS}, attrs)

    def decompress(self, value: Any) -> list[str]:
        """A date as its three boxes; an ISO string too, as a link or a draft may carry one."""
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                return ["", "", ""]
        if isinstance(value, date):
            return [str(value.day), str(value.month), str(value.year)]
        return ["", "", ""]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The three boxes as typed; a single ISO value under the field's own name is taken too."""
        parts = [str(data.get(f"{name}_{part}") or "").strip() for part in self.PARTS]
        if not any(parts) and data.get(name):
            return self.decompress(data.get(name)) if isinstance(data.get(name), str | date) else parts
        return parts

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether a form was sent without this field at all."""
        return all(f"{name}_{part}" not in data for part in self.PARTS) and name not in data
