"""The group of tests that ask trainers' own code: slow, and only run when they are asked for."""

import pytest

HOW = "asks the trainers' own code: make trainers, or pytest -m trainer"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", f"trainer: {HOW}; set up by tests/trainers/setup.py")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "trainer" not in config.getoption("markexpr"):
        for item in items:
            if item.get_closest_marker("trainer"):
                item.add_marker(pytest.mark.skip(reason=HOW))
