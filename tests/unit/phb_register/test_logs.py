"""The log repeats no personal data."""

import pytest
from django.test import RequestFactory

from phb_register.logs import RequestLogMiddleware, without_values


@pytest.mark.parametrize("key", ["event", "exception"])
def test_values_that_broke_a_rule_are_left_out(key):
    said = "duplicate key\nDETAIL:  Key (nhs_number)=(9990000018) already exists.\nraised here"

    event = without_values(None, "error", {key: said, "level": "error"})

    assert event == {key: "duplicate key\nDETAIL: left out\nraised here", "level": "error"}


def test_request_is_named_without_its_query():
    request = RequestFactory().get("/people/", {"search": "Nightjar"})

    assert RequestLogMiddleware.format_request(request) == "GET /people/"
