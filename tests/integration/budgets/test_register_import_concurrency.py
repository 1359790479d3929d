"""Two imports at one moment: on the real database with real threads."""

import threading
import time

import pytest
from django.db import transaction

from budgets.services.register_imports import IMPORTS
from eligibility.models import Referral
from phb_register import reference
from phb_register.models import Person
from phb_register.roles import Role
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.register_imports import checked, csv_of, imported
from tests.integration.eligibility.test_referral_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_files_that_name_the_same_people_are_taken_in_one_after_the_other() -> None:
    """Nobody in them has an NHS number, so nothing in the database tells one person twice from two people."""
    reference.load_all(plan=[])
    body = CommissionerFactory()
    users = [UserFactory(role=Role.PHB_TEAM, role__commissioner=body) for _ in range(2)]
    both = []
    for cohort, user in zip(("chc", "wheelchair"), users, strict=True):
        rows = [{"commissioner": body.code, "given_name": name, "cohort": cohort} for name in "ABC"]
        both.append(checked(csv_of(*rows), commissioner=body, by=user))
        IMPORTS.ask_to_import(file_import=both[-1], by=user)

    def slowly(done: int, total: int) -> None:
        time.sleep(0.5)

    at_once(*(lambda taken=taken: IMPORTS.run_import(file_import=taken, progress=slowly) for taken in both))
    assert Referral.objects.count() == 6
    assert sorted(Person.objects.values_list("given_name", flat=True)) == ["A", "B", "C"]


def test_work_that_is_being_saved_is_not_undone_with_the_import() -> None:
    reference.load_all(plan=[])
    body = CommissionerFactory()
    user = UserFactory(role=Role.PHB_TEAM, role__commissioner=body)
    taken = imported(csv_of({"commissioner": body.code}), commissioner=body, by=user)
    IMPORTS.ask_to_undo(file_import=taken, reason="The wrong file", by=user)
    is_written = threading.Event()

    def correct() -> None:
        with transaction.atomic():
            Person.objects.update(family_name="Corrected")
            is_written.set()
            time.sleep(0.5)

    def undo() -> None:
        is_written.wait()
        IMPORTS.run_undo(file_import=taken)

    at_once(correct, undo)
    assert Person.objects.get().family_name == "Corrected"
    taken.refresh_from_db()
    assert "changed since" in taken.problems[0][2]
