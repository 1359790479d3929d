"""The pages of money in the navigation, and what happens to money on a person's timeline."""

from budgets import money_events
from phb_register import slots
from phb_register.roles import Permission
from phb_register.slots import NavigationItem


def fill() -> None:
    """Put everything in its place; called once, when the room is ready."""
    slots.navigation.add(NavigationItem("Money", "budgets:money-choice", Permission.VIEW_MONEY, 45))
    for source in money_events.TIMELINE:
        slots.timeline.add(source)
