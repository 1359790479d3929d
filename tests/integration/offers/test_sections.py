"""Writing a section: permission, conflict, lock, figures."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from offers.enums import SectionKind
from offers.exceptions import EditConflict, TextIsLocked
from offers.models import OfferSection
from offers.reference import load_reference_offers
from offers.services.sections import save_section
from phb_register.models import AccessLogEntry, User
from phb_register.roles import Role
from tests.factories.offers import LocalOfferFactory, submitted_edition
from tests.factories.phb_register import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def section() -> OfferSection:
    return LocalOfferFactory().sections.get(kind="introduction")


@pytest.fixture
def writer(section: OfferSection) -> User:
    return UserFactory(role=Role.PHB_TEAM, role__commissioner=section.local_offer.commissioner)


def save(section: OfferSection, by: User, body: str = "New", version: int = 1) -> OfferSection:
    return save_section(section=section, heading="Heading", body=body, expected_version=version, by=by)


def test_save_section_counts_the_version_and_says_who(section: OfferSection, writer: User) -> None:
    saved = save(section, writer, "There are {{ figure.phbs_in_place }}")
    assert (saved.heading, saved.body) == ("Heading", "There are {{ figure.phbs_in_place }}")
    assert (saved.version, saved.saved_by) == (2, writer)
    entry = AccessLogEntry.objects.get(action="save-section")
    assert (entry.actor, entry.commissioner) == (writer, section.local_offer.commissioner)
    assert entry.detail == {"kind": "introduction", "version": 2}


def test_save_section_as_it_is_changes_nothing(section: OfferSection, writer: User) -> None:
    save(section, writer)
    assert save(section, writer, version=2).version == 2


def test_save_section_over_somebody_else_s_is_a_conflict(section: OfferSection, writer: User) -> None:
    save(section, writer, "Theirs")
    with pytest.raises(EditConflict, match=writer.full_name) as conflict:
        save(section, writer, "Mine", version=1)
    assert conflict.value.current_version == 2
    section.refresh_from_db()
    assert section.body == "Theirs"


def test_save_section_again_after_seeing_theirs(section: OfferSection, writer: User) -> None:
    save(section, writer, "Theirs")
    assert save(section, writer, "Mine", version=2).body == "Mine"


def test_save_section_with_an_unknown_figure_names_the_remedy(section: OfferSection, writer: User) -> None:
    with pytest.raises(ValidationError) as error:
        save(section, writer, "{{ figure.budgets }}")
    assert error.value.message_dict["body"][0].startswith("Change {{ figure.budgets }}: there is no figure")


def test_save_section_needs_the_permission(section: OfferSection) -> None:
    approver = UserFactory(role=Role.APPROVER, role__commissioner=section.local_offer.commissioner)
    for user in (approver, UserFactory(role=Role.PHB_TEAM)):
        with pytest.raises(PermissionDenied):
            save(section, user)


def test_save_section_while_an_edition_is_decided(section: OfferSection, writer: User) -> None:
    submitted_edition(local_offer=section.local_offer)
    with pytest.raises(TextIsLocked, match="waiting for approval"):
        save(section, writer)


def test_older_offer_gets_the_sections_that_the_template_got_since() -> None:
    older, waiting = LocalOfferFactory(), LocalOfferFactory()
    OfferSection.objects.filter(kind="contacts-by-role", local_offer__in=[older, waiting]).delete()
    submitted_edition(local_offer=waiting)
    load_reference_offers()
    assert [each.kind for each in older.sections.all()] == list(SectionKind)
    assert not waiting.sections.filter(kind="contacts-by-role").exists(), "what waits for a decision stays as it is"
