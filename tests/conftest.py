"""What every test may ask for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

from agenda.feeds import current, pulse, usage
from diplomacy.accounts.models import User
from diplomacy.accounts.roles import DeskRole
from diplomacy.directory import lexicon
from diplomacy.visits.acts import Act

NOW = dt.datetime(2023, 2, 7, 9, 0, tzinfo=dt.UTC)

# How long an example takes, or is made, says how busy the machine is and nothing of what is tested.
settings.register_profile("agenda", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("agenda")


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    """What a process keeps in mind of feeds belongs to one database; each test has its own."""
    current.memory.clear()
    usage.forget()
    pulse.forget()
    lexicon.forget()


@pytest.fixture
def act() -> Act:
    """Something done at a fixed moment."""
    return Act(now=NOW)


@pytest.fixture
def editor(db: None) -> User:
    return User.objects.create_with_role("ada", role=DeskRole.EDITOR, password="correct horse")


@pytest.fixture
def desk(editor: User, client: Client) -> Client:
    """A browser in which the editor is signed in."""
    client.force_login(editor)
    return client
