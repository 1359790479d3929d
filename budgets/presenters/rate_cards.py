"""Rate cards: their list, one version with its values and sources, and two versions side by side."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from budgets.models import RateCard, RateCardTransition
from budgets.rules.rate_card_states import RateCardStatus, RateCardStep
from budgets.rules.rate_cards import RateValue, Unit, ValueGroup, ValueSpec, group_of
from phb_register.models import Commissioner
from phb_register.nhsuk.components import render_component
from phb_register.presenters import spoken_date, summary
from phb_register.tables import Column, table_params

STATUS_TAGS: dict[str, str] = {
    RateCardStatus.DRAFT: "nhsuk-tag--grey",
    RateCardStatus.IN_FORCE: "nhsuk-tag--green",
    RateCardStatus.WITHDRAWN: "nhsuk-tag--red",
}
DONE: dict[str, str] = {"start": "Started", "put-in-force": "Put in force", "withdraw": "Withdrawn"}


def cards_url(owner: Commissioner) -> str:
    """The versions of a commissioner's or partnership's rate card."""
    return reverse("budgets:rate-cards", args=[owner.code])


def card_url(card: RateCard, name: str = "rate-card") -> str:
    """A page of one version."""
    return reverse(f"budgets:{name}", args=[card.commissioner.code, card.number])


def status_tag(card: RateCard, counting: RateCard | None) -> SafeString:
    """Its status; of those in force, whether it is the one that counts today, or another took over from it."""
    text = str(card.get_status_display())
    if card.status == RateCardStatus.IN_FORCE and counting is not None and card != counting:
        later = (card.applies_from, card.number) > (counting.applies_from, counting.number)
        text = "In force later" if later else "Superseded"
    colour = STATUS_TAGS[card.status] if text != "Superseded" else "nhsuk-tag--grey"
    return render_component("tag", {"text": text, "classes": colour})


def cards_table(cards: Iterable[RateCard], counting: RateCard | None) -> dict[str, Any]:
    """The versions, the latest first."""
    columns: list[Column[RateCard]] = [
        Column("Version", lambda card: f"Version {card.number}", link=card_url),
        Column("Status", lambda card: status_tag(card, counting)),
        Column("Applies from", lambda card: spoken_date(card.applies_from)),
        Column("What changes", lambda card: card.note or "–"),
        Column("Prepared by", lambda card: str(card.prepared_by)),
    ]
    return table_params(columns, cards, caption="Versions of the rate card", is_responsive=True)


def card_rows(card: RateCard) -> list[dict[str, Any]]:
    """What holds for a whole version."""
    return summary(
        [
            ("Applies from", spoken_date(card.applies_from)),
            ("What changes, and why", card.note),
            ("Prepared by", card.prepared_by),
        ]
    )


def amount_words(spec: ValueSpec, amount: Decimal | None) -> str:
    """A value with its unit: “£20.50”, “12.07%”, “5.6 weeks”; a dash for none."""
    if amount is None:
        return "–"
    if spec.unit.is_money:
        return f"£{amount:,.2f}"
    plain = f"{amount.normalize():f}"
    return f"{plain}%" if spec.unit is Unit.PERCENT else f"{plain} {spec.unit.label}"


def value_tables(card: RateCard, *, may_change: bool) -> list[dict[str, Any]]:
    """A table for each part of a version, and where that part is changed."""
    held = card.as_rates().values
    return [
        {
            "title": group.label,
            "table": _value_table(group, held) if any(spec.code in held for spec in group_of(group)) else None,
            "change_url": reverse("budgets:rate-card-values", args=[card.commissioner.code, card.number, group.value])
            if may_change
            else None,
        }
        for group in ValueGroup
    ]


def _value_table(group: ValueGroup, held: dict[str, RateValue] | Any) -> dict[str, Any]:
    specs = [spec for spec in group_of(group) if spec.code in held]
    columns: list[Column[ValueSpec]] = [
        Column("Value", lambda spec: spec.label),
        Column("Amount", lambda spec: amount_words(spec, held[spec.code].amount), is_number=True),
        Column("For", lambda spec: spec.unit.label),
        Column("Source", lambda spec: held[spec.code].source),
    ]
    return table_params(
        columns, specs, caption=group.label, caption_classes="nhsuk-u-visually-hidden", is_responsive=True
    )


def card_buttons(card: RateCard, steps: Iterable[RateCardStep]) -> list[dict[str, str]]:
    """What the user may do, as buttons that lead to their pages."""
    names = {"put-in-force": "put-rate-card-in-force", "withdraw": "withdraw-rate-card"}
    return [
        {
            "text": step.label,
            "href": card_url(card, names[step.action]),
            "variant": "secondary" if step.action == "withdraw" else "",
        }
        for step in steps
    ]


def card_history(transitions: Iterable[RateCardTransition]) -> list[str]:
    """What happened to a version, the oldest first."""
    return [
        f"{DONE[each.action]} on {spoken_date(each.occurred_on)} by {each.made_by}"
        + (f": {each.note}" if each.note else "")
        for each in transitions
    ]


def comparison_table(older: RateCard, newer: RateCard) -> dict[str, Any] | None:
    """The values that differ between two versions; None where none does."""
    before, after = older.as_rates().values, newer.as_rates().values
    rows = [
        spec
        for group in ValueGroup
        for spec in group_of(group)
        if _amount(before, spec) != _amount(after, spec) or _source(before, spec) != _source(after, spec)
    ]
    columns: list[Column[ValueSpec]] = [
        Column("Value", lambda spec: f"{spec.group.label}: {spec.label}"),
        Column(f"Version {older.number}", lambda spec: amount_words(spec, _amount(before, spec)), is_number=True),
        Column(f"Version {newer.number}", lambda spec: amount_words(spec, _amount(after, spec)), is_number=True),
        Column("Difference", lambda spec: _difference(_amount(before, spec), _amount(after, spec)), is_number=True),
        Column("Source now", lambda spec: _source(after, spec) or "–"),
    ]
    return table_params(columns, rows, caption="What differs", is_responsive=True) if rows else None


def _amount(values: Any, spec: ValueSpec) -> Decimal | None:
    return values[spec.code].amount if spec.code in values else None


def _source(values: Any, spec: ValueSpec) -> str:
    return values[spec.code].source if spec.code in values else ""


def _difference(before: Decimal | None, after: Decimal | None) -> str:
    """How much more or less, with the percentage of what it was."""
    if before is None or after is None:
        return "New" if before is None else "Left out"
    change = after - before
    if not change:
        return "Only its source"
    sign = "+" if change > 0 else "−"
    share = f" ({sign}{abs(change) * 100 / before:.1f}%)" if before else ""
    return f"{sign}{abs(change).normalize():,f}{share}"
