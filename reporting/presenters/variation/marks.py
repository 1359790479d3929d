"""The marks of variation and assurance, drawn for this register. Words stand beside each: the marks are for the eye."""

from collections.abc import Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from phb_register.charts import BLUE, GREY
from reporting.presenters.variation.xmr_chart import ORANGE, PURPLE
from reporting.rules.spc import Assurance, Variation

#: What is drawn in a ring of 48 by 48: months that go up and down, that leave upwards, or downwards.
_WAVES = mark_safe('<path d="M10 26l6-5 6 7 6-8 6 6 4-4" fill="none" stroke-width="3"/>')
_UP = mark_safe('<path d="M10 33l10-4 14-16M24 13h10v10" fill="none" stroke-width="3"/>')
_DOWN = mark_safe('<path d="M10 15l10 4 14 16M24 35h10V25" fill="none" stroke-width="3"/>')
_TOO_FEW = mark_safe('<path d="M15 24h2M23 24h2M31 24h2" stroke-width="4"/>')
#: The target as a dotted line; the months above it, across it, below it.
_ABOVE = mark_safe(
    '<path d="M9 24h30" stroke-width="2" stroke-dasharray="3 3"/>'
    '<path d="M10 17l7-3 7 4 7-5 7 3" fill="none" stroke-width="3"/>'
)
_ACROSS = mark_safe(
    '<path d="M9 24h30" stroke-width="2" stroke-dasharray="3 3"/>'
    '<path d="M10 29l7-11 7 13 7-14 7 11" fill="none" stroke-width="3"/>'
)
_BELOW = mark_safe(
    '<path d="M9 24h30" stroke-width="2" stroke-dasharray="3 3"/>'
    '<path d="M10 33l7-3 7 4 7-5 7 3" fill="none" stroke-width="3"/>'
)

_COLOURS: Mapping[Variation, str] = {
    Variation.TOO_FEW: GREY,
    Variation.COMMON: GREY,
    Variation.IMPROVING: BLUE,
    Variation.CONCERNING: ORANGE,
    Variation.NEITHER: PURPLE,
}


def variation_mark(said: Variation, *, goes_up: bool) -> SafeString:
    """The mark of what the latest month says."""
    drawn = {Variation.TOO_FEW: _TOO_FEW, Variation.COMMON: _WAVES}.get(said, _UP if goes_up else _DOWN)
    return _mark(drawn, _COLOURS[said])


def assurance_mark(said: Assurance, *, is_low_better: bool) -> SafeString:
    """The mark of whether the target is met: where the months lie to it."""
    if said is Assurance.EITHER:
        return _mark(_ACROSS, GREY)
    is_above = (said is Assurance.HITS) != is_low_better
    return _mark(_ABOVE if is_above else _BELOW, BLUE if said is Assurance.HITS else ORANGE)


def _mark(drawn: SafeString, colour: str) -> SafeString:
    return format_html(
        '<svg width="48" height="48" viewBox="0 0 48 48" stroke="{}" aria-hidden="true" focusable="false">'
        '<circle cx="24" cy="24" r="21" fill="none" stroke-width="3"/>{}</svg>',
        colour,
        drawn,
    )
