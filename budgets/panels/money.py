"""The pages of money in the navigation."""

from phb_register import slots
from phb_register.roles import Permission
from phb_register.slots import NavigationItem


def fill() -> None:
    """Put everything in its place; called once, when the room is ready."""
    slots.navigation.add(NavigationItem("Money", "budgets:money-choice", Permission.VIEW_MONEY, 45))
