"""Rule sets and the life of their versions: drafted, tried on worked cases, approved by a second person, superseded."""

from .approval import approve_version, send_back, submit_version, withdraw_version
from .editing import (
    change_version_details,
    change_version_notes,
    choose_reading,
    create_rule_set,
    save_case_file,
    save_cases,
    save_content,
    start_version,
)
from .importing import import_rule_set, import_versions, note_export

__all__ = [
    "approve_version",
    "change_version_details",
    "change_version_notes",
    "choose_reading",
    "create_rule_set",
    "import_rule_set",
    "import_versions",
    "note_export",
    "save_case_file",
    "save_cases",
    "save_content",
    "send_back",
    "start_version",
    "submit_version",
    "withdraw_version",
]
