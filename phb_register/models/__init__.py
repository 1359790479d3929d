"""The tables that every room stands on."""

from phb_register.enums import CommunicationFormat, EthnicCategory, NhsNumberMissingReason, Sex

from .access_log import AccessLogEntry
from .commissioners import (
    Commissioner,
    CommissionerKind,
    CommissionerSettings,
    PartnershipMember,
    Population,
    PopulationBasis,
    Succession,
)
from .documents import StoredDocument
from .emails import OutgoingEmail
from .file_imports import FileImport, ImportedFile, import_constraints, import_triggers
from .guards import belongs_to_no_partnership
from .jobs import Job, JobState
from .list_workbooks import ListWorkbook
from .merges import PersonMerge, PersonMergeTransition
from .people import LegalBasis, Person, Representative
from .saved_filters import SavedFilter
from .users import Membership, User

__all__ = [
    "AccessLogEntry",
    "Commissioner",
    "CommissionerKind",
    "CommissionerSettings",
    "CommunicationFormat",
    "EthnicCategory",
    "FileImport",
    "ImportedFile",
    "Job",
    "JobState",
    "LegalBasis",
    "ListWorkbook",
    "Membership",
    "NhsNumberMissingReason",
    "OutgoingEmail",
    "PartnershipMember",
    "Person",
    "PersonMerge",
    "PersonMergeTransition",
    "Population",
    "PopulationBasis",
    "Representative",
    "SavedFilter",
    "Sex",
    "StoredDocument",
    "Succession",
    "User",
    "belongs_to_no_partnership",
    "import_constraints",
    "import_triggers",
]
