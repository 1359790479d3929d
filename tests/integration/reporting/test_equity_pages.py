"""The pages of the equity lens: what each reader sees, the file, the people, and the counts."""

import datetime as dt
import uuid

import pytest
from django.db import connection
from django.urls import reverse

from phb_register import clock
from phb_register.models import AccessLogEntry
from phb_register.roles import Role
from reporting.models import EligibleGroup
from tests.factories.equity import count_groups, make_areas
from tests.factories.past import entered_days_ago, take_away
from tests.factories.phb_register import CommissionerFactory, PersonFactory, UserFactory
from tests.factories.reporting import make_spell

pytestmark = pytest.mark.django_db

QUARTER = dt.date(2017, 3, 31)


@pytest.fixture
def body():
    """Ten women and three men with a budget; of 10,000 women and 30,000 men. Two in the north."""
    commissioner = CommissionerFactory()
    make_areas(commissioner, "postcode,quintile,locality\nZZ1 1AA,1,North\n")
    for sex, number, postcode in (("female", 8, ""), ("female", 2, "ZZ1 1AA"), ("male", 3, "")):
        for _ in range(number):
            make_spell(commissioner, person=PersonFactory(commissioner=commissioner, sex=sex, postcode=postcode))
    count_groups(commissioner, "sex", {"female": 10_000, "male": 30_000})
    return commissioner


@pytest.fixture
def team(client, body):
    user = UserFactory(role=Role.PHB_TEAM, role__commissioner=body)
    client.force_login(user)
    return user


def page(client, body, name="equity", **query):
    return client.get(reverse(f"reporting:{name}", args=[body.code]), {"as_at": QUARTER.isoformat(), **query})


def rows(response, heading):
    section = next(each for each in response.context["uptake"] if each.heading == heading)
    return {
        row[0]["text"]: [str(cell.get("text", cell.get("html"))) for cell in row[1:]] for row in section.table["rows"]
    }


def test_page_compares_each_group_with_the_average_and_with_the_others(client, body, team):
    response = page(client, body)
    assert response.status_code == 200
    found = rows(response, "Sex")
    female = found["Female"]
    # 10 of 10,000 and 3 of 30,000: Byar's interval above nine, the exact one below.
    assert female[1:6] == ["76.9%", "10,000", "1.00", "0.48 to 1.84", "10.00 (2.75 to 36.34)"]
    assert "Higher than average" in female[6]
    assert found["Male"][3:5] == ["0.10", "0.02 to 0.29"]
    assert "Not compared" in found["Not known"][-1]
    assert any("Sex, Female: higher than average" in each for each in response.context["findings"])


def test_number_leads_to_exactly_its_people_and_the_read_is_logged(client, body, team):
    response = page(client, body, "equity-people", characteristic="sex", group="male")
    assert response.context["count"] == "3 people"
    assert len(response.context["table"]["rows"]) == 3
    entry = AccessLogEntry.objects.filter(actor=team).latest("pk")
    assert entry.detail["group"] == "male"
    assert len(entry.detail["people"]) == 3


def test_page_can_be_read_as_the_register_knew_it(client, body, team):
    assert rows(page(client, body), "Sex")["Male"][0] == '<a class="nhsuk-link" href="{}">3</a>'.format(
        f"/dashboard/{body.code}/equity/people/?as_at=2017-03-31&amp;characteristic=sex&amp;group=male"
    )
    known = page(client, body, known_on="2017-03-31")
    assert rows(known, "Sex")["Male"][0] == "0"
    assert known.context["known_on"] == "31 March 2017"
    people = page(client, body, "equity-people", characteristic="sex", group="male", known_on="2017-03-31")
    assert people.context["count"] == "0 people"


def test_page_is_narrowed_as_the_dashboard_is_and_says_so(client, body, team):
    make_spell(body, person=PersonFactory(commissioner=body, sex="male"), methods=("direct_payment",), nhs_percent=60)
    assert rows(page(client, body), "Sex")["Male"][0].endswith(">4</a>")
    narrowed = page(client, body, funding="joint")
    assert "Only a part is counted. Paid by: The NHS and others." in narrowed.content.decode()
    found = rows(narrowed, "Sex")
    assert (found["Male"][0].rpartition(">1<")[1], found["Female"][0]) == (">1<", "0")
    assert found["Male"][2] == "30,000", "who could have one is not narrowed"
    people = page(client, body, "equity-people", characteristic="sex", group="male", funding="joint")
    assert people.context["count"] == "1 person"
    assert AccessLogEntry.objects.filter(actor=team).latest("pk").detail["funding"] == "joint"


def test_list_as_known_on_a_day_says_who_was_removed_since(client, body, team):
    gone = PersonFactory(commissioner=body, sex="indeterminate")
    phb = make_spell(body, person=gone)
    entered_days_ago(2)
    take_away(phb)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM eligibility_referral WHERE person_id = %s", [gone.pk])
        cursor.execute("DELETE FROM phb_register_person WHERE id = %s", [gone.pk])
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    then = {"known_on": (clock.today() - dt.timedelta(days=1)).isoformat()}
    found = page(client, body, "equity-people", characteristic="sex", group="indeterminate", **then)
    assert found.context["count"] == "1 person"
    assert "Removed: its import was undone" in found.content.decode()
    assert str(gone.reference) not in found.content.decode()


def test_reader_without_people_gets_no_parts(client, body):
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body))
    assert 'name="funding"' not in page(client, body).content.decode()
    for query in ({"funding": "joint"}, {"known_on": "2017-01-01"}, {"known_on_day": "1"}):
        answer = page(client, body, **query)
        assert answer.status_code == 422
        assert "for those who may see the people behind the figures" in answer.content.decode()


def test_reader_without_people_sees_stars_and_the_same_ones_ever_after(client, body):
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body))
    before = rows(page(client, body), "Sex")
    assert before["Male"][0] == "*"
    assert "href" not in before["Female"][0]
    for _ in range(5):
        make_spell(body, person=PersonFactory(commissioner=body, sex="male"))
    assert rows(page(client, body), "Sex") == before
    assert page(client, body, "equity-people", characteristic="sex", group="male").status_code == 403


def test_reader_without_people_gets_the_last_whole_quarter(client, body):
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body))
    response = page(client, body, as_at="2017-06-29")
    assert response.context["as_at"] == "31 March 2017"


def test_file_has_every_line_and_the_export_is_logged(client, body, team):
    text = b"".join(
        client.get("/lists/equity.csv", {"commissioner": body.code, "as_at": QUARTER}).streaming_content
    ).decode()
    assert "Uptake,Sex,Female,female,10,76.9,population,10000,1.00,0.48 to 1.84" in text
    assert AccessLogEntry.objects.filter(actor=team, action="export").latest("pk").detail["rows"] > 40


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("equity", {"as_at": "2017-02-30"}),
        ("equity", {"cohort": "no-such"}),
        ("equity", {"as_at": "soon"}),
        ("equity-people", {"characteristic": "height", "group": "tall"}),
        ("equity-people", {"characteristic": "sex", "group": "tall"}),
        ("equity-people", {"characteristic": "sex"}),
        ("equity", {"method": "cash"}),
        ("equity-people", {"characteristic": "sex", "group": "male", "funding": "all"}),
        ("equity-people", {"characteristic": "sex", "group": "male", "answers": "better"}),
        ("equity-people", {"characteristic": "sex", "group": "male", "answers": "better", "question": "1"}),
    ],
)
def test_filter_that_is_none_is_answered_with_what_is_wrong(client, body, team, name, query):
    response = page(client, body, name, **query)
    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()


def test_people_who_answered_no_question_that_there_is_are_not_found(client, body, team):
    asked = {"characteristic": "sex", "group": "male", "answers": "better", "question": str(uuid.uuid4())}
    assert page(client, body, "equity-people", **asked).status_code == 404


def test_counts_are_read_from_lines_and_kept_with_their_source(client, body):
    client.force_login(UserFactory(role=Role.ADMINISTRATOR, role__commissioner=body))
    address = reverse("reporting:group-counts", args=[body.code])
    data = {
        "characteristic": "age",
        "groups": "0 to 17, 250,000\n85-over\t12 000",
        "counted_on_day": "21",
        "counted_on_month": "3",
        "counted_on_year": "2016",
        "source": "Census",
    }
    assert client.post(address, data).status_code == 302
    found = EligibleGroup.objects.filter(commissioner=body, characteristic="age").values_list("group", "people")
    assert dict(found) == {"0-17": 250_000, "85-over": 12_000}
    assert "85 and over" in client.get(address).content.decode()
    wrong = client.post(address, data | {"groups": "0 to 17, many\nGiants, 4"})
    assert wrong.status_code == 422
    content = wrong.content.decode()
    assert "write the group, a comma and the number" in content
    assert "Giants" in content
    assert "Female, " in client.get(f"{address}?start=sex").content.decode()


def test_reads_of_the_page_do_not_grow_with_the_register(client, body, team, django_assert_num_queries):
    page(client, body)
    with django_assert_num_queries(16):
        page(client, body)


@pytest.mark.parametrize("first", ["2017-06-30", "2017-09-30"])
def test_two_quarters_do_not_tell_who_began_where_nobody_ended(client, body, first):
    """Six women and two men began, nobody ended: whichever is shown first, 12 and 18 women would tell of two men."""
    client.force_login(UserFactory(role=Role.GOVERNING_BODY, role__commissioner=body))
    for sex, number, started_on in (
        ("female", 2, dt.date(2016, 6, 1)),
        ("male", 6, dt.date(2016, 6, 1)),
        ("female", 6, dt.date(2017, 8, 2)),
        ("male", 2, dt.date(2017, 8, 2)),
    ):
        for _ in range(number):
            make_spell(body, person=PersonFactory(commissioner=body, sex=sex), started_on=started_on)
    second = "2017-06-30" if first == "2017-09-30" else "2017-09-30"
    shown = rows(page(client, body, as_at=first), "Sex")
    assert "*" not in (shown["Female"][0], shown["Male"][0])
    beside = rows(page(client, body, as_at=second), "Sex")
    assert "*" in (beside["Female"][0], beside["Male"][0])
