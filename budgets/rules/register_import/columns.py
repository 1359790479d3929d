"""The columns of a register that is imported."""

from phb_register.cells import read_code, read_day, read_postcode, read_practice
from phb_register.file_columns import Column, FileColumns

from . import cells

COLUMNS = FileColumns(
    (
        Column("nhs_number", "NHS number", cells.read_number, "9990000018", also=("nhs no", "nhs")),
        Column("family_name", "Family name", cells.read_name, "Kestrel", True, ("surname", "last name")),
        Column("given_name", "Given name", cells.read_name, "Testa", True, ("first name", "forename")),
        Column("born_on", "Date of birth", read_day, "1950-04-01", True, ("dob", "date of birth", "birth date")),
        Column("sex", "Sex", cells.read_sex, "female", also=("gender",)),
        Column("ethnic_category", "Ethnic category", cells.read_ethnic_category, "A", also=("ethnicity",)),
        Column("postcode", "Postcode", read_postcode, "LE1 6YH"),
        Column("gp_practice", "GP practice", read_practice, "C82001", also=("gp practice code", "practice")),
        Column("commissioner", "Commissioner", read_code, "04C", True, ("ccg", "icb", "organisation code")),
        Column("cohort", "Cohort", read_code, "chc", True, ("group",)),
        Column("fast_track", "Fast track", cells.read_yes_or_no, "no"),
        Column("lives_in", "Lives in", cells.read_lives_in, "home", also=("setting",)),
        Column("funding", "Funding", cells.read_funding, "nhs"),
        Column("nhs_share", "NHS share", cells.read_percent, "100", also=("nhs percent", "nhs share %")),
        Column("methods", "Methods", cells.read_methods, "notional;direct_payment", also=("method",)),
        Column("referred_on", "Referred on", read_day, "2016-10-03", also=("referral date", "date of referral")),
        Column("agreed_on", "Agreed on", read_day, "2016-11-01", also=("agreed date",)),
        Column("started_on", "Started on", read_day, "2016-11-30", also=("start date",)),
        Column("ended_on", "Ended on", read_day, "", also=("end date",)),
        Column("end_reason", "End reason", cells.read_end_reason, "", also=("reason ended",)),
        Column("annual_amount", "Annual amount", cells.read_amount, "21320.00", also=("annual budget", "budget")),
        Column(
            "previous_annual_amount",
            "Previous annual amount",
            cells.read_amount,
            "24000.00",
            also=("previous amount", "previous package"),
        ),
    )
)
