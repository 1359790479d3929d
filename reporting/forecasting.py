"""Forecasts of what will be in place, kept by the series they are made from.

The library runs in a process of its own (`reporting.forecast_models`, and why there). What it said of a series holds
for good, so it is asked once: the series changes when a month is over, or something of the past is entered late.
"""

import hashlib
import json
import subprocess
import sys
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache

from reporting.rules.pace import FEWEST_POINTS, MOST_MONTHS_AHEAD, Forecast, Series, Trial, rounded

#: Nine of ten times what comes is in the range, as far as the past is a guide.
LEVEL = 0.9
MONTHS_KEPT = 60 * 60 * 24 * 62
#: After so long something is wrong with the machine, and a page does not wait for it.
MOST_SECONDS = 20
VERSION = 1
ONE_YEAR = 12

log = structlog.get_logger(__name__)


def forecast(series: Series) -> Forecast | None:
    """Return what is expected after `series`, up to three years ahead; None where the library could not say.

    With it comes a trial: the same forecast made a year before, where the series is long enough, beside what came.
    """
    ahead = MOST_MONTHS_AHEAD // series.step
    asked = [{"values": series.values, "horizon": ahead, "level": LEVEL}]
    a_year = ONE_YEAR // series.step
    earlier = series.values[:-a_year]
    was = series.values[-1]
    if was is not None and len([value for value in earlier if value is not None]) >= FEWEST_POINTS:
        asked.append({"values": earlier, "horizon": a_year, "level": LEVEL})
    answers = _answers(asked)
    if answers is None:
        return None
    steps = tuple(
        rounded(series.day(number), *numbers)
        for number, numbers in enumerate(zip(*_columns(answers[0]), strict=True), start=1)
    )
    trial = None
    if len(answers) > 1 and was is not None:
        expected, lower, upper = (column[-1] for column in _columns(answers[1]))
        trial = Trial(rounded(series.until, expected, lower, upper), was)
    return Forecast(LEVEL, steps, len(series.known), trial)


def _columns(answer: dict[str, list[float]]) -> tuple[list[float], list[float], list[float]]:
    return answer["expected"], answer["lower"], answer["upper"]


def _answers(asked: list[dict[str, Any]]) -> list[dict[str, list[float]]] | None:
    question = json.dumps(asked)
    key = f"forecast:{VERSION}:{hashlib.sha256(question.encode()).hexdigest()}"
    found: list[dict[str, list[float]]] | None = cache.get(key)
    if found is None:
        found = _run(question)
        if found is not None:
            cache.set(key, found, MONTHS_KEPT)
    return found


def _run(question: str) -> list[dict[str, list[float]]] | None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "reporting.forecast_models"],
            input=question,
            capture_output=True,
            text=True,
            check=True,
            timeout=MOST_SECONDS,
            cwd=settings.BASE_DIR,
        )
    except (OSError, subprocess.SubprocessError) as error:
        # The page says that there is no forecast, and goes on.
        log.exception("forecast_failed", output=getattr(error, "stderr", None))
        return None
    answers: list[dict[str, list[float]]] = json.loads(done.stdout)
    return answers
