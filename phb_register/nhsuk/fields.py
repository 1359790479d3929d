"""Form fields that take what people type and say precisely what is wrong with it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone

from phb_register.nhsuk.widgets import AffixedInput, DateBoxes, Radios
from phb_register.nhsuk.wording import noun, sentence_start

TODAY: Final = "today"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class NhsDateField(forms.Field):
    """A date in three boxes. Months may be typed as numbers or names.

    ``earliest`` and ``latest`` are dates, or ``"today"``, which is resolved when the form is made
    (``NhsForm(today=…)``), never at import. Both limits are allowed values.
    A ``ValidationError`` carries in ``params["parts"]`` the boxes that are wrong.
    """

    widget = DateBoxes
    default_error_messages = {"required": "Enter the date"}

    def __init__(self, *, earliest: date | str | None = None, latest: date | str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.earliest = earliest
        self.latest = latest
        self.today: date | None = None
        self.error_noun: str | None = None

    def clean(self, value: Any) -> date | None:
        """The date typed, or ``None`` where nothing was and nothing need be."""
        if isinstance(value, date):
            return value
        typed = dict(zip(DateBoxes.PARTS, value or ("", "", ""), strict=True))
        missing = [part for part, text in typed.items() if not text]
        if len(missing) == len(typed):
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if missing:
            raise self._error("incomplete", f"must include a {' and '.join(missing)}", missing)
        result = self._real_date(typed)
        self._check_limits(result)
        self.run_validators(result)
        return result

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the boxes say another date than ``initial``."""
        return DateBoxes().decompress(initial) != list(data or ["", "", ""])

    def _real_date(self, typed: dict[str, str]) -> date:
        year, month, day = _number(typed["year"]), _month(typed["month"]), _number(typed["day"])
        if year is not None and len(typed["year"]) != 4:
            raise self._error("year", "must include a year with 4 numbers", ["year"])
        if month is None or not 1 <= month <= 12:
            raise self._error("month", "must be a real date", ["month"])
        if day is None or not 1 <= day <= 31:
            raise self._error("day", "must be a real date", ["day"])
        if year is None or year < 1:
            raise self._error("year", "must be a real date", ["year"])
        try:
            return date(year, month, day)
        except ValueError:
            raise self._error("invalid", "must be a real date", ["day", "month", "year"]) from None

    def _check_limits(self, value: date) -> None:
        parts = list(DateBoxes.PARTS)
        earliest, latest = self._limit(self.earliest), self._limit(self.latest)
        if latest is not None and value > latest:
            words = "today or in the past" if self.latest == TODAY else f"on or before {_written(latest)}"
            raise self._error("latest", f"must be {words}", parts)
        if earliest is not None and value < earliest:
            words = "today or in the future" if self.earliest == TODAY else f"on or after {_written(earliest)}"
            raise self._error("earliest", f"must be {words}", parts)

    def _limit(self, limit: date | str | None) -> date | None:
        if isinstance(limit, str):
            return self.today or timezone.localdate()
        return limit

    def _error(self, code: str, predicate: str, parts: list[str]) -> ValidationError:
        subject = sentence_start(self.error_noun or noun(str(self.label or "date")))
        return ValidationError("%(subject)s " + predicate, code=code, params={"subject": subject, "parts": parts})


class _TypedDecimalField(forms.DecimalField):
    """A decimal typed by a person: signs, spaces and commas between thousands are taken."""

    ignored = r"[\s,\u00a0]"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # the stubs follow Django's subclassing
        """The number typed, ``None`` for nothing."""
        if isinstance(value, str):
            value = re.sub(self.ignored, "", value)
            if value and not re.fullmatch(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)", value):
                raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return super().to_python(value)
        except InvalidOperation:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


class MoneyField(_TypedDecimalField):
    """Pounds and pence, at most 2 decimal places, £0 or more unless ``min_value`` says otherwise."""

    ignored = r"[\s,£\u00a0]"
    widget = AffixedInput

    def __init__(self, *, min_value: Decimal | int | None = 0, max_digits: int = 12, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget",
            AffixedInput(
                attrs={"class": "nhsuk-input--width-10", "inputmode": "decimal", "spellcheck": "false"}, prefix="£"
            ),
        )
        super().__init__(min_value=min_value, max_digits=max_digits, decimal_places=2, **kwargs)

    def error_wording(self, thing: str) -> dict[str, str]:
        """Messages of money, for the field called ``thing``."""
        subject = sentence_start(thing)
        return {
            "invalid": f"{subject} must be an amount in pounds and pence, like 12,500 or 12,500.50",
            "min_value": subject.replace("%", "%%") + " must be £%(limit_value)s or more",
            "max_value": subject.replace("%", "%%") + " must be £%(limit_value)s or less",
            "max_decimal_places": subject.replace("%", "%%") + " must not include parts of a penny",
        }

    def prepare_value(self, value: Any) -> Any:
        """An amount with both pence; what was typed, as it was typed."""
        return f"{value:.2f}" if isinstance(value, Decimal) else value


class PercentField(_TypedDecimalField):
    """A percentage from 0 to 100 with at most 2 decimal places. A % sign is taken."""

    ignored = r"[\s,%\u00a0]"
    widget = AffixedInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", 100)
        kwargs.setdefault(
            "widget",
            AffixedInput(
                attrs={"class": "nhsuk-input--width-4", "inputmode": "decimal", "spellcheck": "false"}, suffix="%"
            ),
        )
        super().__init__(max_digits=5, decimal_places=2, **kwargs)

    def error_wording(self, thing: str) -> dict[str, str]:
        """Messages of percentages, for the field called ``thing``."""
        subject = sentence_start(thing).replace("%", "%%")
        return {
            "invalid": f"{sentence_start(thing)} must be a percentage, like 50 or 33.33",
            "min_value": subject + " must be %(limit_value)s%% or more",
            "max_value": subject + " must be %(limit_value)s%% or less",
        }

    def prepare_value(self, value: Any) -> Any:
        """A percentage without zeros that say nothing; what was typed, as it was typed."""
        return formats.localize_input(f"{value.normalize():f}") if isinstance(value, Decimal) else value


class YesNoField(forms.TypedChoiceField):
    """A question with radios for yes, no and, if asked, “Not known yet”. Cleans to ``True``, ``False`` or ``None``.

    Without an answer a required field is an error: “not known yet” is an answer that someone gave.
    """

    def __init__(self, *, may_be_unknown: bool = False, hints: dict[str, str] | None = None, **kwargs: Any) -> None:
        choices = [("yes", "Yes"), ("no", "No")]
        if may_be_unknown:
            choices.append(("unknown", "Not known yet"))
        kwargs.setdefault("widget", Radios(hints=hints, is_inline=not may_be_unknown and not hints))
        coerce: Callable[[str], bool | None] = {"yes": True, "no": False, "unknown": None}.get
        super().__init__(choices=choices, coerce=coerce, empty_value=None, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """``True`` and ``False`` as the choices' values."""
        return {True: "yes", False: "no"}[value] if isinstance(value, bool) else value


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _month(text: str) -> int | None:
    name = text.lower()[:3]
    return _MONTHS.index(name) + 1 if name in _MONTHS and text.isalpha() else _number(text)


def _written(value: date) -> str:
    return f"{value.day} {value:%B %Y}"
