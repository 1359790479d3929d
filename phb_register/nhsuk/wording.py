"""Error messages in the words of the NHS service manual: what is wrong, and what to do about it.

“Enter NHS number”, never “This field is required.” They are built from the label, so that each names its field.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.safestring import SafeString


def noun(label: str) -> str:
    """A label as it stands inside a sentence: “Date of birth” → “date of birth”, “NHS number” stays."""
    label = str(label).strip().rstrip(":").removesuffix("(optional)").strip()
    first = label.split(" ", 1)[0]
    return label if len(first) < 2 or first[1:] != first[1:].lower() else label[:1].lower() + label[1:]


def sentence_start(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def word_errors(field: forms.Field, *, label: str, error_noun: str | None = None) -> None:
    """Give ``field`` its messages, except those that its author wrote.

    ``error_noun`` is how the field is called inside a sentence where the label does not say it: when it is a question.
    """
    for code, message in _messages(field, label, error_noun).items():
        if _is_default(field, code):
            field.error_messages[code] = message


def _is_default(field: forms.Field, code: str) -> bool:
    for cls in type(field).__mro__:
        defaults: dict[str, Any] = cls.__dict__.get("default_error_messages", {})
        if code in defaults:
            return field.error_messages.get(code) is defaults[code] or field.error_messages.get(code) == defaults[code]
    return code not in field.error_messages


def _messages(field: forms.Field, label: str, error_noun: str | None) -> dict[str, str]:
    is_question = error_noun is None and label.rstrip().endswith("?")
    thing = error_noun or noun(label)
    # Messages with parameters are formatted with %, so a percent sign of the label's is doubled in them.
    subject = "Your answer" if is_question else sentence_start(thing).replace("%", "%%")
    messages = {
        "required": f"Enter an answer to “{label}”" if is_question else f"Enter {thing}",
        "invalid": f"{sentence_start(thing)} is not in the right format",
        "max_length": f"{subject} must be %(limit_value)d characters or fewer",
        "min_length": f"{subject} must be %(limit_value)d characters or more",
        "max_value": f"{subject} must be %(limit_value)s or less",
        "min_value": f"{subject} must be %(limit_value)s or more",
        "max_decimal_places": f"{subject} must have %(max)s decimal places or fewer",
        "max_digits": f"{subject} must have %(max)s numbers or fewer",
        "max_whole_digits": f"{subject} must have %(max)s numbers or fewer before the decimal point",
        "unique": f"{subject} is already in use – enter a different one",
        "null_characters_not_allowed": f"{subject} must not include control characters",
    }
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        answer = f"Select an answer to “{label}”" if is_question else f"Select {thing}"
        from_list = answer + " from the list"
        messages |= {
            "required": answer,
            "invalid_choice": from_list.replace("%", "%%"),
            "invalid_list": from_list,
            "invalid_pk_value": from_list.replace("%", "%%"),
        }
    elif isinstance(field, forms.NullBooleanField):
        messages["required"] = f"Select an answer to “{label}”"
    elif isinstance(field, forms.BooleanField):
        messages["required"] = f"Select “{label}” to continue"
    elif isinstance(field, forms.FileField):
        messages |= {
            "required": f"Select {thing}",
            "missing": f"Select {thing}",
            "invalid": f"The file of {thing} could not be uploaded – try again",
            "empty": "The selected file is empty – select another file",
            "max_length": "The name of the selected file must be %(max)d characters or fewer",
            "contradiction": "Either select a file or tick the box to remove it, not both",
        }
    elif isinstance(field, forms.EmailField):
        messages["invalid"] = f"Enter {thing} in the right format, like name@example.nhs.uk"
    elif isinstance(field, forms.DecimalField | forms.FloatField):
        messages["invalid"] = f"{sentence_start(thing)} must be a number, like 12.5"
    elif isinstance(field, forms.IntegerField):
        messages["invalid"] = f"{sentence_start(thing)} must be a whole number, like 12"
    own: Callable[[str], dict[str, str]] | None = getattr(field, "error_wording", None)
    return messages | own(thing) if own else messages


def plain_label(label: Any) -> str | SafeString:
    """A label as text; what is marked safe stays so."""
    return label if isinstance(label, SafeString) else str(label or "")
