"""The forecast: how often its range held on registers that are made up; that it is made once, in the background."""

import datetime as dt
import json
import random
from threading import Event

import pytest
from django.core.cache import cache
from statsmodels.tsa.statespace.structural import UnobservedComponents

from reporting import forecasting
from reporting.forecast_models import forecast as in_process
from reporting.rules.pace import Series

AHEAD = 12


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def in_this_process(monkeypatch):
    """The same models without a process of their own, and how often they were asked."""
    asked = []

    def run(question):

        asked.append(question)
        return [in_process(**each) for each in json.loads(question)]

    monkeypatch.setattr(forecasting, "_run", run)
    return asked


def made(series):
    """The forecast, once it is made."""
    with pytest.raises(forecasting.BeingMadeError):
        forecasting.forecast(series)
    forecasting.finish()
    return forecasting.forecast(series)


def register(seed, months):
    """What is in place month by month: some start, and everybody there may end."""
    chance = random.Random(seed)
    starts, ends = chance.uniform(3, 12), chance.uniform(0.005, 0.02)
    held, line = 0, []
    for _ in range(months):
        held += sum(chance.random() < starts / 40 for _ in range(40)) - sum(chance.random() < ends for _ in range(held))
        line.append(held)
    return line


def test_range_holds_about_nine_times_in_ten():
    held = 0
    for seed in range(10):
        line = register(seed, 48 + AHEAD)
        found = in_process(line[:48], AHEAD, 0.9)
        held += found["lower"][-1] <= line[-1] <= found["upper"][-1]
    assert 8 <= held <= 10


def test_forecast_is_that_of_the_library():
    line = register(1, 40)
    found = in_process(line, 3, 0.9)
    fitted = UnobservedComponents(line, "local linear trend").fit(disp=False).get_forecast(3)
    assert found["expected"] == pytest.approx(list(fitted.predicted_mean))
    assert found["lower"] == pytest.approx([low for low, _ in fitted.conf_int(alpha=0.1)])


def test_forecast_comes_with_a_trial_made_a_year_before(in_this_process):
    line = tuple(register(2, 40))
    found = made(Series(1, dt.date(2017, 2, 28), line))
    earlier = in_process(line[:-12], 12, 0.9)
    assert found.trial.was == line[-1]
    assert found.trial.forecast.on == dt.date(2017, 2, 28)
    assert found.trial.forecast.expected == round(earlier["expected"][-1])
    assert [step.on for step in found.steps[:2]] == [dt.date(2017, 3, 31), dt.date(2017, 4, 30)]
    assert len(found.steps) == 36
    assert all(0 <= step.lower <= step.expected <= step.upper for step in found.steps)


def test_quarters_go_three_years_ahead_too_and_a_short_series_has_no_trial(in_this_process):
    found = made(Series(3, dt.date(2016, 12, 31), tuple(register(3, 13))))
    assert (len(found.steps), found.steps[-1].on, found.trial) == (12, dt.date(2019, 12, 31), None)


def test_hidden_number_is_left_open_and_nothing_is_made_of_it():
    line = register(6, 30)
    found = in_process([*line[:20], None, *line[21:]], 6, 0.9)
    guessed = in_process([*line[:20], line[19] + 40, *line[21:]], 6, 0.9)
    assert found["expected"] == pytest.approx(in_process(line, 6, 0.9)["expected"], rel=0.1)
    assert guessed["upper"][-1] - guessed["lower"][-1] > 1.3 * (found["upper"][-1] - found["lower"][-1])


def test_library_is_asked_once_about_a_series(in_this_process):
    series = Series(1, dt.date(2017, 2, 28), tuple(register(4, 20)))
    assert made(series) == forecasting.forecast(series)
    assert len(in_this_process) == 1
    made(Series(1, dt.date(2017, 2, 28), (*series.values[:-1], series.values[-1] + 1)))
    assert len(in_this_process) == 2


def test_nobody_waits_while_a_forecast_is_being_made(monkeypatch):
    asked, may_answer = [], Event()

    def run(question):
        asked.append(question)
        may_answer.wait(10)
        return [in_process(**each) for each in json.loads(question)]

    monkeypatch.setattr(forecasting, "_run", run)
    series = Series(1, dt.date(2017, 2, 28), tuple(register(4, 20)))
    for _ in range(3):
        with pytest.raises(forecasting.BeingMadeError):
            forecasting.forecast(series)
    may_answer.set()
    forecasting.finish()
    assert forecasting.forecast(series).points == 20
    assert len(asked) == 1


def test_only_so_many_wait_to_be_made(monkeypatch):
    asked, may_answer = [], Event()

    def run(question):
        may_answer.wait(10)
        asked.append(question)

    monkeypatch.setattr(forecasting, "_run", run)
    for number in range(forecasting.MOST_WAITING + 5):
        with pytest.raises(forecasting.BeingMadeError):
            forecasting.forecast(Series(1, dt.date(2017, 2, 28), tuple(range(number, number + 12))))
    may_answer.set()
    forecasting.finish()
    assert len(asked) == forecasting.MOST_WAITING


def test_process_of_its_own_answers_the_same():
    series = Series(1, dt.date(2017, 2, 28), tuple(register(5, 14)))
    expected = in_process(series.values, 36, 0.9)["expected"]
    assert [step.expected for step in made(series).steps] == [max(round(each), 0) for each in expected]


def test_page_goes_on_without_a_forecast_where_the_process_fails_and_later_it_is_tried_again(monkeypatch, time_machine):
    time_machine.move_to(dt.datetime(2017, 3, 1, 12, tzinfo=dt.UTC), tick=False)
    monkeypatch.setattr(forecasting.sys, "executable", "/bin/false")
    series = Series(1, dt.date(2017, 2, 28), tuple(range(12)))
    assert made(series) is None
    assert forecasting.forecast(series) is None
    time_machine.shift(forecasting.SECONDS_UNTIL_TRIED_AGAIN + 1)
    assert made(series) is None
