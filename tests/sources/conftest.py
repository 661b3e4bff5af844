"""What the channels of these tests reach the world with: a web on loopback, and no mailbox unless one is started."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from diplomacy.communiques.models import Source, SourceKind
from diplomacy.communiques.sources.outcome import Tools
from tests.fetching.server import Web, web


@pytest.fixture
def served() -> Iterator[Web]:
    with web() as found:
        yield found


@pytest.fixture
def tools(served: Web, tmp_path: Path) -> Tools:
    return Tools(fetcher=served.fetcher(), pace=lambda _host, _patience: None, mailbox=lambda _name: "", inbox=tmp_path)


@pytest.fixture
def source_of() -> Callable[..., Source]:
    def make(kind: SourceKind, address: str, **given: object) -> Source:
        source = Source(name=str(kind.label), slug=f"a-{kind.value}", kind=kind, address=address, **given)
        source.full_clean()
        source.save()
        return source

    return make
