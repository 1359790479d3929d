"""Reads of court orders: for those with VIEW_ORDERS alone."""

import uuid

from budgets.models import CourtOrder
from phb_register.models import Person, User
from phb_register.roles import Permission


def orders_for(user: User, person: Person) -> list[CourtOrder]:
    """The orders of a person, those entered in error among them, the latest first."""
    return list(CourtOrder.objects.visible_to(user).filter(person=person).select_related("recorded_by"))


def order_for(user: User, reference: uuid.UUID) -> CourtOrder | None:
    """One order that counts, if the user may see it."""
    rows = CourtOrder.objects.visible_to(user).counting().filter(reference=reference)
    return rows.select_related("person__commissioner").first()


def person_with_orders(user: User, reference: uuid.UUID) -> Person | None:
    """The person with this reference, if the user may see court orders of theirs."""
    rows = Person.objects.visible_to(user, Permission.VIEW_ORDERS).filter(reference=reference)
    return rows.select_related("commissioner").first()
