from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from phb_register import slots
from phb_register.models import User
from phb_register.slots import DemonstrationStep, Slot

pytestmark = pytest.mark.django_db


def test_load_demo_outside_a_demonstration_refuses_and_says_how(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="Set DEMONSTRATION=true"):
        call_command("load_demo")
    assert not User.objects.exists()


def test_load_demo_runs_the_steps_in_order_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []
    steps: Slot[DemonstrationStep] = Slot()
    steps.add(DemonstrationStep("Second", lambda progress: ran.append("second"), order=20))
    steps.add(DemonstrationStep("First", lambda progress: (progress(1, 2), ran.append("first"))[-1], order=10))
    monkeypatch.setattr("phb_register.management.commands.load_demo.demonstration_steps", steps)
    output = StringIO()
    call_command("load_demo", stdout=output)
    assert ran == ["first", "second"]
    assert [line.split(",")[0] for line in output.getvalue().splitlines() if "done" in line] == [
        "1 of 2: First",
        "2 of 2: Second",
    ]


def test_load_demo_has_the_steps_of_every_room() -> None:
    assert [step.order for step in slots.demonstration_steps] == sorted(
        step.order for step in slots.demonstration_steps
    )
    assert len(list(slots.demonstration_steps)) >= 4
