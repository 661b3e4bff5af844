"""The feed contract's points beside the tests that hold them: printed at the end of a run."""

from __future__ import annotations

from collections import defaultdict

import pytest

_tests_of: dict[str, list[str]] = defaultdict(list)


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
