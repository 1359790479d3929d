"""How an import of another register is said, on its pages and at the console."""

from collections.abc import Mapping

from budgets.rules.register_import import COLUMNS
from phb_register.file_import_presenters import ImportWords
from phb_register.presenters import counted

SPLIT_UNKNOWN = (
    "name several methods and not how the money is split. The whole amount stands under the first method until a "
    "proposal says how it is split"
)


def _lines(counts: Mapping[str, int]) -> list[str]:
    unknown = counts.get("split_unknown")
    return [f"{counted(unknown, 'row', 'rows')} {SPLIT_UNKNOWN}"] if unknown else []


WORDS = ImportWords(
    columns=COLUMNS,
    page="budgets:register-import",
    list_page="budgets:register-imports",
    upload_page="budgets:upload-register",
    template_page="budgets:register-import-template",
    template_filename="register.csv",
    title="Import a register",
    introduction="People, referrals and budgets that are kept in a spreadsheet come in here.",
    upload_title="Upload a register",
    upload_introduction=("One row is one referral of a person and, once it is agreed, the budget that came of it."),
    columns_note=(
        "Dates are written 2017-02-07 or 7/2/2017. Several methods have a semicolon between them, each with its pounds "
        "a year where they are known: notional:8000;direct_payment:4000."
    ),
    whose="Whose register",
    import_heading="Import the register",
    importing="The register is being imported",
    undo_words="What came of this file is taken out of the register, as long as nobody has worked on it since.",
    counted=(
        ("rows", "row in the file", "rows in the file"),
        ("faulty_rows", "row to put right", "rows to put right"),
        ("already_there", "row that is in the register already", "rows that are in the register already"),
        ("people_new", "new person", "new people"),
        ("referrals", "new referral", "new referrals"),
        ("budgets", "new budget", "new budgets"),
        ("ended", "budget that has ended", "budgets that have ended"),
    ),
    back=("budgets:register", "Register"),
    lines=_lines,
)
