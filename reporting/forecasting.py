"""Forecasts of what will be in place, made in the background and kept by the series they are made from.

The library runs in a process of its own (`reporting.forecast_models`, and why there), which takes a second or two: no
page waits for it, but shows the rest and asks again (ADR 0044). What it said of a series holds for good, so it is asked
once: the series changes when a month is over, or something of the past is entered late.
"""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Lock
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache

from reporting.rules.pace import FEWEST_POINTS, MOST_MONTHS_AHEAD, Forecast, Series, Trial, rounded

#: Nine of ten times what comes is in the range, as far as the past is a guide.
LEVEL = 0.9
MONTHS_KEPT = 60 * 60 * 24 * 62
#: After so long something is wrong with the machine. Pages say that there is no forecast, and later it is tried again.
MOST_SECONDS = 20
SECONDS_UNTIL_TRIED_AGAIN = 60 * 5
#: Each process takes 140 MB; so many run at once, and so many wait for them.
AT_ONCE, MOST_WAITING = 2, 30
VERSION = 1
ONE_YEAR = 12

log = structlog.get_logger(__name__)

# Threads that wait for a process each. They end with this process, and what they had not made is asked again.
_makers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="forecast")
_being_made: dict[str, Future[None]] = {}
_lock = Lock()


class BeingMadeError(Exception):
    """The forecast is being worked out in the background. Ask again in a second."""


def forecast(series: Series) -> Forecast | None:
    """Return what is expected after `series`, up to three years ahead; None where the library could not say.

    With it comes a trial: the same forecast made a year before, where the series is long enough, beside what came.
    Raises `BeingMadeError` where the library has not answered yet.
    """
    ahead = MOST_MONTHS_AHEAD // series.step
    asked = [{"values": series.values, "horizon": ahead, "level": LEVEL}]
    a_year = ONE_YEAR // series.step
    earlier = series.values[:-a_year]
    was = series.values[-1]
    if was is not None and len([value for value in earlier if value is not None]) >= FEWEST_POINTS:
        asked.append({"values": earlier, "horizon": a_year, "level": LEVEL})
    answers = _answers(asked)
    if not answers:
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


def finish() -> None:
    """Wait until no forecast is being made."""
    with _lock:
        made = list(_being_made.values())
    wait(made)


def _answers(asked: list[dict[str, Any]]) -> list[dict[str, list[float]]]:
    """What the library said; empty where it failed a moment ago."""
    question = json.dumps(asked)
    key = f"forecast:{VERSION}:{hashlib.sha256(question.encode()).hexdigest()}"
    found: list[dict[str, list[float]]] | None = cache.get(key)
    if found is None:
        _start(key, question)
        raise BeingMadeError
    return found


def _start(key: str, question: str) -> None:
    """Have the library asked, unless it is being asked already."""
    with _lock:
        if key not in _being_made and len(_being_made) < MOST_WAITING:
            _being_made[key] = _makers.submit(_make, key, question)


def _make(key: str, question: str) -> None:
    try:
        answers = _run(question)
        cache.set(key, answers or [], MONTHS_KEPT if answers else SECONDS_UNTIL_TRIED_AGAIN)
    finally:
        with _lock:
            _being_made.pop(key, None)


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
