"""The chart says what it shows, names its lines beside them, and shows no small number."""

import datetime as dt
from calendar import monthrange

from phb_register.disclosure import ONE_TO_FOUR
from reporting.points import points_shown
from reporting.presenters.uptake_chart import uptake_chart, uptake_spec
from reporting.selectors.series import Month


def months(*numbers):
    """From April 2015 on, one a month, the last up to the 7th."""
    ends = []
    for index, number in enumerate(numbers):
        year, month = 2015 + (3 + index) // 12, (3 + index) % 12 + 1
        day = 7 if index == len(numbers) - 1 else monthrange(year, month)[1]
        ends.append(Month(dt.date(year, month, day), number, 0, 0))
    return ends


def test_points_are_every_month_of_a_short_series():
    assert [point.in_place for point in points_shown(months(1, 5, 9), None)] == [1, 5, 9]


def test_points_of_a_long_series_are_ends_of_quarters_and_the_as_at_date():
    points = points_shown(months(*range(30)), None)
    assert [point.on for point in points[:2]] == [dt.date(2015, 6, 30), dt.date(2015, 9, 30)]
    assert points[-1].on == dt.date(2017, 9, 7)
    assert len(points) == 10


def test_points_hide_small_numbers_from_the_line_and_star_them_in_the_table():
    points = points_shown(months(0, 3, 9), ONE_TO_FOUR)
    assert [point.in_place for point in points] == [0, None, 9]
    chart = uptake_chart(points, name="LLR", low=None, high=None)
    assert [row[1]["text"] for row in chart.table["rows"]] == ["9", "*", "0"]


def test_points_end_hidden_where_the_number_in_place_is_hidden_beside_them():
    points = points_shown(months(0, 9, 7, 9, 9), ONE_TO_FOUR, is_last_hidden=True)
    assert [point.in_place for point in points] == [0, 9, 7, None, None]
    assert points_shown([], ONE_TO_FOUR, is_last_hidden=True) == []


def test_chart_title_and_words_say_what_it_shows():
    chart = uptake_chart(points_shown(months(100, 122), None), name="LLR", low=1011, high=2022)
    assert chart.title == (
        "Personal health budgets in place, LLR, April 2015 to May 2015, against a target of 1,011 to 2,022"
    )
    assert chart.summary == (
        "From 100 at the end of 30 April 2015 to 122 at the end of 7 May 2015. The target is 1,011 to 2,022."
    )
    assert chart.title in chart.svg


def test_chart_names_each_line_beside_it_and_dashes_the_target():
    spec = uptake_spec(points_shown(months(100, 122), None), low=1011, high=2022)
    texts = [layer["data"]["values"][0].get("text") for layer in spec["layer"]]
    assert [text for text in texts if text] == ["In place: 122", "Lower target: 1,011", "Upper target: 2,022"]
    assert [layer["mark"].get("strokeDash") for layer in spec["layer"] if layer["mark"]["type"] == "rule"] == [
        [6, 4],
        [2, 3],
    ]


def test_chart_without_a_target_has_the_one_line():
    spec = uptake_spec(points_shown(months(100), None), low=None, high=None)
    assert [layer["mark"]["type"] for layer in spec["layer"]] == ["line", "text"]


def test_chart_of_nothing_is_none():
    assert uptake_chart([], name="LLR", low=1, high=2) is None
    assert uptake_chart(points_shown(months(3), ONE_TO_FOUR), name="LLR", low=1, high=2) is None
