"""Radicale with the same events, as a program of its own in an environment of its own (GPL-3.0: never imported)."""

from __future__ import annotations

import json
import re
from pathlib import Path

from benchmarks.reading.peers import environment

LOCK = Path(__file__).resolve().parent / "radicale.txt"
PATH = "/bench/diary/"


def installed(folder: Path) -> Path:
    """The interpreter with Radicale. Raises NotInstallableError."""
    return environment(folder, LOCK)


def collection(folder: Path, body: bytes) -> dict[str, str]:
    """Write the events of a calendar as a collection of Radicale's; returns the environment that leads to it."""
    place = folder / "collections" / "collection-root" / "bench" / "diary"
    place.mkdir(parents=True)
    (place / ".Radicale.props").write_text(json.dumps({"tag": "VCALENDAR", "D:displayname": "diary"}), encoding="utf-8")
    head = body[: body.index(b"BEGIN:VEVENT")]
    zones = {
        re.search(rb"TZID:(\S+)", zone)[1]: zone  # type: ignore[index]
        for zone in re.findall(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE\r\n", head, re.DOTALL)
    }
    for number, event in enumerate(re.findall(rb"BEGIN:VEVENT.*?END:VEVENT\r\n", body, re.DOTALL)):
        used = b"".join(zones[name] for name in sorted(set(re.findall(rb";TZID=([^:;]+)", event))))
        text = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n" + used + event + b"END:VCALENDAR\r\n"
        (place / f"{number}.ics").write_bytes(text)
    configuration = folder / "radicale.conf"
    configuration.write_text(
        "[auth]\ntype = none\n[rights]\ntype = authenticated\n[logging]\nlevel = critical\n"
        f"[storage]\nfilesystem_folder = {folder / 'collections'}\n",
        encoding="utf-8",
    )
    return {"RADICALE_CONFIG": str(configuration)}
