"""A still clock and a published visit for the tests of feeds; and the feed contract's points beside the tests that hold
them, printed at the end of a run.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import pytest
import time_machine

from agenda.celery import app
from diplomacy.visits import lifecycle, publication
from diplomacy.visits.acts import Act
from diplomacy.visits.models import Visit
from tests.conftest import NOW

from .diary import BAMAKO, IN_ORDER, ON_A_DAY, OPEN_END, TIMED

_tests_of: dict[str, list[str]] = defaultdict(list)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def at_once() -> Iterator[None]:
    """What a request leaves to the queue is done at once."""
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def visit(act: Act) -> Visit:
    """Lavrov in Bamako for two days: two items with an hour, three in order, one of a known day."""
    visit = lifecycle.announce(BAMAKO, (TIMED, OPEN_END, *IN_ORDER, ON_A_DAY), act)
    publication.publish(visit, act)
    return visit


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark in item.iter_markers("contract"):
            for point in mark.args:
                name = item.nodeid.split("[")[0].removeprefix("tests/")
                if name not in _tests_of[point]:
                    _tests_of[point].append(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not _tests_of:
        return
    terminalreporter.section("feed contract: each point and its tests")
    for point in sorted(_tests_of, key=lambda name: ("FHBCE".index(name[0]), int(name[1:]))):
        for name in _tests_of[point]:
            terminalreporter.write_line(f"{point:<4} {name}")
