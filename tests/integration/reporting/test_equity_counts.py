"""What the equity lens divides by, and the tables of areas: imported whole or not at all, each from its date on."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from phb_register.exceptions import Refused
from phb_register.models import Commissioner, CommissionerKind, PartnershipMember
from phb_register.roles import Role
from reporting.demonstration import equity
from reporting.equity import Base
from reporting.models import AreaTable, EligibleGroup, PostcodeArea
from reporting.rules.equity_groups import Characteristic
from reporting.selectors.areas import areas_for
from reporting.selectors.group_counts import bases_for
from reporting.services.equity import import_areas
from tests.factories.equity import count_groups, make_areas
from tests.factories.phb_register import CommissionerFactory, UserFactory
from tests.factories.reporting import cohort

pytestmark = pytest.mark.django_db

DAY = dt.date(2017, 2, 7)
SEX = Characteristic.SEX


@pytest.fixture
def body():
    return CommissionerFactory()


@pytest.fixture
def members():
    """A partnership of two."""
    together = CommissionerFactory(kind=CommissionerKind.PARTNERSHIP)
    found = CommissionerFactory.create_batch(2)
    for each in found:
        PartnershipMember.objects.create(partnership=together, member=each, starts_on=dt.date(2016, 1, 1))
    return together, found


def base(commissioner, which=SEX, of=None, on=DAY):
    return bases_for(commissioner, of, on)[which]


def test_newest_count_of_one_day_is_used_and_a_group_it_leaves_out_is_not_known(body):
    count_groups(body, "sex", {"female": 100, "male": 90, "indeterminate": 1}, counted_on=dt.date(2015, 1, 1))
    count_groups(body, "sex", {"female": 110, "male": 95}, counted_on=dt.date(2016, 1, 1))
    count_groups(body, "sex", {"female": 1}, counted_on=dt.date(2017, 2, 8))
    found = base(body)
    assert (found.base, found.people, found.counted_on) == (
        Base.POPULATION,
        {"female": 110, "male": 95},
        dt.date(2016, 1, 1),
    )


def test_people_eligible_come_first_and_only_while_they_are_recent(body):
    chc = cohort("chc")
    count_groups(body, "sex", {"female": 1000})
    count_groups(body, "sex", {"female": 40}, cohort=chc, counted_on=dt.date(2016, 2, 7))
    assert (base(body, of=chc).base, base(body, of=chc).people) == (Base.ELIGIBLE, {"female": 40})
    assert base(body, of=chc, on=dt.date(2017, 2, 8)).base == Base.POPULATION
    assert base(body, of=None).people == {"female": 1000}


def test_nothing_counted_says_what_to_do(body):
    found = base(body, Characteristic.DEPRIVATION)
    assert found.base == Base.NOT_KNOWN
    assert "Nobody counted the population by deprivation on or before 7 February 2017" in found.remedy


def test_members_are_added_up_only_where_all_counted_the_same_groups(members):
    together, (first, second) = members
    count_groups(first, "sex", {"female": 100, "male": 90}, counted_on=dt.date(2015, 1, 1))
    assert base(together).base == Base.NOT_KNOWN
    count_groups(second, "sex", {"female": 10})
    assert base(together).base == Base.NOT_KNOWN
    count_groups(second, "sex", {"female": 10, "male": 20}, counted_on=DAY)
    assert base(together).people == {"female": 110, "male": 110}
    assert base(together).counted_on == dt.date(2015, 1, 1)
    count_groups(together, "sex", {"female": 5})
    assert base(together).people == {"female": 5}


def test_ethnic_groups_are_added_up_from_categories_that_were_all_counted(body):
    count_groups(body, "ethnic_category", {"A": 10, "B": 2, "C": 3, "H": 7, "R": 1, "S": 1})
    found = base(body, Characteristic.ETHNIC_GROUP)
    assert found.people == {"white": 15, "other": 2}


def test_same_count_again_changes_nothing_and_another_replaces_it(body):
    assert len(count_groups(body, "sex", {"female": 100, "male": 90})) == 2
    assert count_groups(body, "sex", {"female": 100, "male": 90}) == []
    assert [each.people for each in count_groups(body, "sex", {"female": 101})] == [101]
    assert EligibleGroup.objects.filter(commissioner=body).count() == 2


def test_group_that_is_none_is_refused_by_service_and_database(body):
    with pytest.raises(Refused, match="no group of sex"):
        count_groups(body, "sex", {"tall": 1})
    with pytest.raises(IntegrityError, match="eligible_group_known"), transaction.atomic():
        EligibleGroup.objects.create(
            commissioner=body, characteristic="sex", group="tall", people=1, counted_on=DAY, source="x"
        )


def test_nearest_table_in_force_is_used_for_each_thing_it_tells(members):
    together, (first, _) = members
    england = Commissioner.objects.get(kind=CommissionerKind.NATION)
    national = make_areas(england, "pcds,imd decile\nZZ1 1AA,3\n", applies_from=dt.date(2015, 9, 30))
    local = make_areas(together, "postcode,locality\nZZ11AA,North\n")
    later = make_areas(together, "postcode,locality\nZZ11AA,South\n", applies_from=dt.date(2017, 2, 8))
    practices = make_areas(first, "practice code,place\nZ99901,East\n")
    found = areas_for(first, DAY)
    assert (found.deprivation, found.localities, found.practices) == (national, local, practices)
    assert areas_for(first, dt.date(2017, 2, 8)).localities == later
    assert areas_for(first, dt.date(2015, 9, 29)).deprivation is None
    assert PostcodeArea.objects.get(table=national).quintile == 2


def run(tmp_path, text, body, user, *flags, **named):
    path = tmp_path / "areas.csv"
    path.write_text(text)
    out, err = StringIO(), StringIO()
    try:
        call_command(
            "import_postcodes",
            str(path),
            *flags,
            commissioner=named.get("commissioner", body.code),
            applies_from=dt.date(2015, 9, 30),
            source="Areas of a test",
            by=user.email,
            stdout=out,
            stderr=err,
        )
    except CommandError as error:
        return f"{out.getvalue()}{err.getvalue()}{error}", error.returncode
    return out.getvalue(), 0


def test_command_imports_whole_or_not_at_all_and_the_same_file_once(tmp_path, body):
    user = UserFactory(role=Role.ADMINISTRATOR, role__commissioner=body)
    wrong = "postcode,quintile,locality\nZZ1 1AA,1,North\nZZ1 1A,2,North\nZZ1 1AB,6,\nZZ1 1AA,2,North\n,1,\n"
    told, code = run(tmp_path, wrong, body, user)
    assert code == 2
    for line in (
        "Row 3, postcode: Enter a full postcode, like LE1 6YH",
        "Row 4, deprivation_quintile: Enter a whole number from 1 (the most deprived) to 5",
        "Row 5, postcode: ZZ1 1AA stands in the file twice, with different areas. Keep one of them",
        "Row 6, postcode: Enter a postcode or a GP practice, one of them in a row",
    ):
        assert line in told
    assert not AreaTable.objects.exists()
    right = "postcode,quintile,locality\nZZ1 1AA,1,North\nZZ1 1AA,1,North\nZZ1 1AC,,\n"
    assert "dry run" in run(tmp_path, right, body, user, "--dry-run")[0]
    assert not AreaTable.objects.exists()
    told, code = run(tmp_path, right, body, user)
    assert (code, "1 postcodes and 0 GP practices" in told, "1 rows say nothing" in told) == (0, True, True)
    assert "Nothing was changed" in run(tmp_path, right, body, user)[0]
    table = AreaTable.objects.get()
    assert (table.imported_by, table.postcodes, table.has_deprivation) == (user, 1, True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,quintile\nx,1\n", "needs a column postcode or gp_practice"),
        ("postcode\nZZ1 1AA\n", "needs a column deprivation_quintile"),
        ("postcode,quintile,decile\nZZ1 1AA,1,1\n", "Keep one of the columns"),
        ("practice,quintile\nZ99901,1\n", "needs a column locality"),
        ("postcode,locality\nZZ1 1AA,\n", "No row of the file says anything"),
        ("", "The file is empty"),
    ],
)
def test_file_that_is_no_table_of_areas_is_refused_with_a_remedy(tmp_path, body, text, said):
    user = UserFactory(role=Role.ADMINISTRATOR, role__commissioner=body)
    told, code = run(tmp_path, text, body, user)
    assert (code, said in told) == (2, True), told


def test_areas_of_another_commissioner_and_of_england_are_not_anybodys_to_import(tmp_path, body):
    user = UserFactory(role=Role.ADMINISTRATOR, role__commissioner=body)
    text = "postcode,quintile\nZZ1 1AA,1\n"
    told, code = run(tmp_path, text, body, user, commissioner="ENG")
    assert (code, "may not do this" in told) == (1, True)
    assert "Did you mean" in run(tmp_path, text, body, user, commissioner="QK9")[0]


def test_table_of_areas_never_changes(body):
    table = make_areas(body, "postcode,quintile\nZZ1 1AA,1\n")
    for rows in (AreaTable.objects.filter(pk=table.pk), PostcodeArea.objects.filter(table=table)):
        field = "source" if rows.model is AreaTable else "locality"
        with pytest.raises(Exception, match="Cannot update or delete"), transaction.atomic():
            rows.update(**{field: "Another"})


def test_demonstration_counts_the_same_people_by_each_characteristic_and_loads_once():
    equity.load(lambda done, total: None)
    llr = Commissioner.objects.get(code="LLR")
    counted = {each: sum(found.people.values()) for each, found in bases_for(llr, None, DAY).items() if found.people}
    assert counted == dict.fromkeys(counted, 1_011_000)
    assert len(counted) == 5
    eligible = bases_for(llr, cohort("chc"), DAY)
    assert sum(eligible[SEX].people.values()) == sum(eligible[Characteristic.AGE].people.values()) == 848
    known = EligibleGroup.objects.count(), AreaTable.objects.count()
    equity.load(lambda done, total: None)
    assert (EligibleGroup.objects.count(), AreaTable.objects.count()) == known


def test_source_of_areas_longer_than_can_be_kept_is_refused():
    with pytest.raises(Refused, match="Shorten the source"):
        import_areas(
            commissioner=CommissionerFactory(),
            by=None,
            filename="areas.csv",
            content=b"postcode,locality\nLE1 6YH,North\n",
            applies_from=dt.date(2016, 4, 1),
            source="long " * 100,
        )
