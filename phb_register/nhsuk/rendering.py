"""Draws the fields of Django forms with the NHS components, and lists their errors."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorList
from django.forms.widgets import Input
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from phb_register.nhsuk.components import render_component
from phb_register.nhsuk.widgets import AffixedInput, DateBoxes
from phb_register.nhsuk.wording import plain_label

Params = dict[str, Any]

# Attributes of a widget that a component has a parameter for.
_AS_PARAMS: Final = ("autocomplete", "autocapitalize", "inputmode", "pattern", "placeholder", "rows", "spellcheck")
# Attributes that the components or the server take care of.
_LEFT_OUT: Final = frozenset({"class", "id", "name", "required", "maxlength", "minlength", "cols", "type", *_AS_PARAMS})


def render_field(field: forms.BoundField, *, label_size: str | None = None) -> SafeString:
    """A field with its label, hint, error and control. ``label_size`` ("s", "m", "l") replaces the form's."""
    if field.is_hidden:
        return SafeString(field.as_widget())
    for widget_class, component, build in _RENDERERS:
        if isinstance(field.field.widget, widget_class):
            return render_component(component(field), build(field, label_size))
    raise TypeError(f"No NHS component for the widget of “{field.name}”: {type(field.field.widget).__name__}")


def control_id(field: forms.BoundField) -> str:
    """The id of the control that the error summary leads to: for a date, the first box that is wrong."""
    if isinstance(field.field.widget, DateBoxes):
        wrong = _wrong_parts(field)
        return f"{_id(field)}_{next(part for part in DateBoxes.PARTS if part in wrong or not wrong)}"
    return _id(field)


def error_list(sources: Iterable[Any]) -> list[Params]:
    """What the error summary lists: every error of the forms and formsets, in the order of their fields."""
    return [error for form in _forms(sources) for error in _errors_of(form)]


def _forms(sources: Iterable[Any]) -> Iterator[Any]:
    for source in sources:
        if isinstance(source, forms.BaseFormSet):
            if source.is_bound:
                yield source
                yield from source.forms
        elif isinstance(source, forms.BaseForm):
            if source.is_bound:
                yield source
        elif isinstance(source, list | tuple):
            yield from _forms(source)


def _errors_of(form: Any) -> Iterator[Params]:
    if isinstance(form, forms.BaseFormSet):
        yield from ({"text": text} for text in form.non_form_errors())
        return
    yield from ({"text": text} for text in form.errors.get(NON_FIELD_ERRORS, []))
    for name in form.fields:
        for text in form.errors.get(name, []):
            field = form[name]
            yield {"text": text} if field.is_hidden else {"text": text, "href": f"#{control_id(field)}"}


def _id(field: forms.BoundField) -> str:
    return field.field.widget.attrs.get("id") or field.auto_id or field.html_name


def _label_text(field: forms.BoundField) -> str | SafeString:
    text = plain_label(field.label)
    is_optional = not field.field.required and getattr(field.form, "mark_optional", False)
    if not is_optional or isinstance(field.field.widget, forms.CheckboxInput) or text.endswith("(optional)"):
        return text
    return f"{text} (optional)" if not isinstance(text, SafeString) else mark_safe(f"{text} (optional)")  # noqa: S308


def _label(field: forms.BoundField, size: str | None) -> Params:
    if getattr(field.form, "page_heading", None) == field.name:
        return {"text": _label_text(field), "size": "l", "isPageHeading": True}
    size = size or getattr(field.form, "label_size", None)
    return {"text": _label_text(field)} | ({"size": size} if size else {})


def _common(field: forms.BoundField) -> Params:
    params: Params = {"name": field.html_name}
    if field.help_text:
        params["hint"] = {"text": field.help_text}
    if field.errors:
        params["errorMessage"] = _error_message(field.errors)
    if field.field.disabled:
        params["disabled"] = True
    return params


def _error_message(errors: ErrorList) -> Params:
    if len(errors) == 1:
        return {"text": errors[0]}
    return {"html": format_html_join(SafeString("<br>"), "{}", ((text,) for text in errors))}


def _control(field: forms.BoundField, size: str | None) -> Params:
    attrs = field.field.widget.attrs
    params = _common(field) | {"id": _id(field), "label": _label(field, size)}
    params |= {name: attrs[name] for name in _AS_PARAMS if name in attrs}
    if "spellcheck" in params:
        params["spellcheck"] = str(params["spellcheck"]).lower() != "false"
    if attrs.get("class"):
        params["classes"] = attrs["class"]
    others = {name: value for name, value in attrs.items() if name not in _LEFT_OUT and value not in (False, None)}
    if others:
        params["attributes"] = {name: "" if value is True else value for name, value in others.items()}
    return params


def _value(field: forms.BoundField) -> Any:
    return field.field.widget.format_value(field.value())


def _input(field: forms.BoundField, size: str | None) -> Params:
    widget = field.field.widget
    params = _control(field, size) | {"value": _value(field)}
    input_type = getattr(widget, "input_type", "text")
    # A number input changes its value under the mouse wheel and drops what it cannot read: text with a keypad instead.
    params["type"] = "text" if input_type == "number" else input_type
    if input_type == "number":
        params.setdefault("inputmode", "numeric" if isinstance(field.field, forms.IntegerField) else "decimal")
        params.setdefault("classes", "nhsuk-input--width-5")
    if isinstance(widget, AffixedInput):
        params |= {"prefix": widget.prefix, "suffix": widget.suffix}
    return params


def _search(field: forms.BoundField, size: str | None) -> Params:
    return _control(field, size) | {"value": _value(field)}


def _password(field: forms.BoundField, size: str | None) -> Params:
    # A password is never sent back to the page, unless its widget says so.
    is_shown = getattr(field.field.widget, "render_value", False)
    return _control(field, size) | ({"value": _value(field)} if is_shown else {})


def _textarea(field: forms.BoundField, size: str | None) -> Params:
    params = _control(field, size) | {"value": _value(field) or ""}
    if _has_count(field):
        params["maxlength"] = field.field.max_length  # type: ignore[attr-defined]  # asked by _has_count
    return params


def _has_count(field: forms.BoundField) -> bool:
    return bool(getattr(field.field, "max_length", None))


def _file(field: forms.BoundField, size: str | None) -> Params:
    return _control(field, size) | {"multiple": bool(field.field.widget.attrs.get("multiple"))}


def _options(field: forms.BoundField) -> Iterator[tuple[str | None, dict[str, Any]]]:
    """The choices with the heading of their group."""
    widget = field.field.widget
    chosen = widget.format_value(field.value())
    for group, options, _ in widget.optgroups(field.html_name, chosen):
        for option in options:
            yield group, option


def _select(field: forms.BoundField, size: str | None) -> Params:
    items: list[Params] = []
    last_group: str | None = None
    for group, option in _options(field):
        if group != last_group:
            items.append({"divider": True})
            last_group = group
        text = str(option["label"]) if group is None else f"{group}: {option['label']}"
        items.append({"value": str(option["value"]), "text": text, "selected": bool(option["selected"])})
    params = _control(field, size)
    if getattr(field.field.widget, "allow_multiple_selected", False):
        params.setdefault("attributes", {})["multiple"] = ""
    return params | {"items": items}


def _choices(field: forms.BoundField, size: str | None) -> Params:
    widget = field.field.widget
    hints: dict[str, str] = getattr(widget, "hints", {})
    reveal: Callable[[str, str], str] | None = getattr(field.form, "revealed_html", None)
    items: list[Params] = []
    for _, option in _options(field):
        value = str(option["value"])
        if value == "" and isinstance(widget, forms.RadioSelect):
            continue  # “no choice” is a select's blank line; a radio for it would be an answer
        item: Params = {"value": value, "text": option["label"], "checked": bool(option["selected"])}
        if value in hints:
            item["hint"] = {"text": hints[value]}
        if reveal and (revealed := reveal(field.name, value)):
            item["conditional"] = {"html": revealed}
        if value == getattr(widget, "exclusive", None):
            items.append({"divider": "or"})
            item["behaviour"] = "exclusive"
        items.append(item)
    return _common(field) | {
        "idPrefix": _id(field),
        "fieldset": {"legend": _label(field, size)},
        "items": items,
        "inline": getattr(widget, "is_inline", False),
        "small": getattr(widget, "is_small", False),
    }


def _tick(field: forms.BoundField, size: str | None) -> Params:
    reveal: Callable[[str, str], str] | None = getattr(field.form, "revealed_html", None)
    item: Params = {
        "id": _id(field),
        "value": "on",
        "text": _label_text(field),
        "checked": bool(field.value()),
    }
    if reveal and (revealed := reveal(field.name, "on")):
        item["conditional"] = {"html": revealed}
    params = _common(field)
    if "hint" in params:
        item["hint"] = params.pop("hint")
    return params | {"idPrefix": f"{_id(field)}-group", "items": [item]}


def _date(field: forms.BoundField, size: str | None) -> Params:
    widget = field.field.widget
    value = field.value()
    typed = value if isinstance(value, list) else widget.decompress(value)
    wrong = _wrong_parts(field)
    is_birthday = widget.attrs.get("autocomplete") == "bday"
    items = [
        {
            "id": f"{_id(field)}_{part}",
            "name": f"{field.html_name}_{part}",
            "label": part.capitalize(),
            "value": typed[place],
            "width": 4 if part == "year" else 2,
            "error": bool(field.errors) and (part in wrong or not wrong),
        }
        | ({"autocomplete": f"bday-{part}"} if is_birthday else {})
        for place, part in enumerate(DateBoxes.PARTS)
    ]
    return _common(field) | {"id": _id(field), "fieldset": {"legend": _label(field, size)}, "items": items}


def _wrong_parts(field: forms.BoundField) -> set[str]:
    wrong: set[str] = set()
    for error in field.errors.as_data():
        wrong |= set((error.params or {}).get("parts", ()))
    return wrong


_RENDERERS: Final[
    tuple[tuple[type[forms.Widget], Callable[[Any], str], Callable[[forms.BoundField, str | None], Params]], ...]
] = (
    (DateBoxes, lambda _: "dateInput", _date),
    (forms.CheckboxSelectMultiple, lambda _: "checkboxes", _choices),
    (forms.RadioSelect, lambda _: "radios", _choices),
    (forms.CheckboxInput, lambda _: "checkboxes", _tick),
    (forms.Select, lambda _: "select", _select),
    (forms.Textarea, lambda field: "characterCount" if _has_count(field) else "textarea", _textarea),
    (forms.FileInput, lambda _: "fileUpload", _file),
    (forms.PasswordInput, lambda _: "passwordInput", _password),
    (forms.SearchInput, lambda _: "searchInput", _search),
    (Input, lambda _: "input", _input),
)
