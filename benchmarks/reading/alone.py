"""What has to be measured in a process of its own; each prints one JSON value.

python -m benchmarks.reading.alone bare | beside-django | first-reading | time KIND SIZE
"""

from __future__ import annotations

import gc
import json
import sys
import time
from typing import Any

from benchmarks.reading.clocks import megabytes
from benchmarks.reading.texts import KB, LONG, PUBLISHED, repeated

_TEXT = (
    "Le ministre des Affaires étrangères de la Fédération de Russie, Grigory BELAVIN, entame aujourd’hui une visite de "
    "48 heures à Bamako. Il s’entretiendra demain à 10h30 avec son homologue malien, Boubacar SANGARE."
)


def first_reading() -> float:
    """Seconds from nothing imported to the first text read."""
    started = time.perf_counter()
    from diplomacy.parsing import read

    read(_TEXT, published_on=PUBLISHED)
    return time.perf_counter() - started


def memory() -> dict[str, float]:
    """Resident MB before the library is imported, and after a first text was read in each language it knows."""
    before = megabytes()
    _read()
    return {"before": before, "after": megabytes()}


def memory_beside_django() -> dict[str, float]:
    """The same in a process that already holds what a worker of ours holds apart from the library."""
    import celery  # noqa: F401
    import django
    import rest_framework  # noqa: F401
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    )
    django.setup()
    return memory()


def seconds_of(kind: str, size: int) -> float | None:
    """CPU seconds for a long text; None where the library refuses its length."""
    from diplomacy.parsing import read
    from diplomacy.parsing.errors import UnreadableTextError

    read(repeated(LONG[kind], KB), published_on=PUBLISHED)  # the words of its language are loaded, as in a worker
    text = repeated(LONG[kind], size)
    gc.collect()
    started = time.process_time()
    try:
        read(text, published_on=PUBLISHED)
    except UnreadableTextError:
        return None
    return time.process_time() - started


def _read() -> None:
    from diplomacy.parsing import read

    for language in (None, "fr", "en", "es", "pt", "de", "it", "ru", "ar"):
        read(_TEXT, published_on=PUBLISHED, language=language)


def main(arguments: list[str]) -> None:
    """Measure what the first argument names."""
    found: Any
    match arguments:
        case ["bare"]:
            found = memory()
        case ["beside-django"]:
            found = memory_beside_django()
        case ["first-reading"]:
            found = first_reading()
        case ["time", kind, size]:
            found = seconds_of(kind, int(size))
        case _:
            sys.exit(str(__doc__))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
