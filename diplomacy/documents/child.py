"""Read a file in a process of its own, so that whatever it does ends with that process."""

from __future__ import annotations

import base64
import datetime as dt
import json
import resource
import subprocess
import sys
from pathlib import Path

from diplomacy.documents.document import Attachment, Document, DocumentError, Trouble
from diplomacy.documents.kinds import DocumentKind, kind_of
from diplomacy.documents.limits import MEMORY, MOST_BYTES, SECONDS
from diplomacy.documents.plain import decode, tidy

_ROOT = Path(__file__).resolve().parents[2]


def convert(original: bytes, *, media_type: str = "", filename: str = "") -> Document:
    """The text of a file. Plain text is decoded here; all else in a child process with limits on memory and time.

    Raises DocumentError for what cannot be read.
    """
    if len(original) > MOST_BYTES:
        raise DocumentError(Trouble.TOO_LARGE, f"{len(original)} bytes")
    if not original.strip():
        raise DocumentError(Trouble.NO_TEXT)
    kind = kind_of(original, media_type=media_type, filename=filename)
    if kind is DocumentKind.TEXT:
        return Document(text=tidy(decode(original)))
    return from_json(_run(original, kind))


def _run(original: bytes, kind: DocumentKind) -> bytes:
    command = [sys.executable, "-m", "diplomacy.documents", kind.value, str(MEMORY), str(SECONDS)]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter, and a kind out of an enumeration
            command, input=original, capture_output=True, timeout=SECONDS + 2, check=False, cwd=_ROOT, env={}
        )
    except subprocess.TimeoutExpired as error:
        raise DocumentError(Trouble.TOO_SLOW) from error
    if done.returncode == 0:
        return done.stdout
    detail = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:300]
    if "MemoryError" in detail:
        raise DocumentError(Trouble.TOO_LARGE, detail)
    if done.returncode in (-24, -9):  # SIGXCPU, and SIGKILL at the hard limit
        raise DocumentError(Trouble.TOO_SLOW)
    raise DocumentError(Trouble.DAMAGED, f"exit {done.returncode}: {detail}")


def limit_this_process(memory: int, seconds: int) -> None:
    """Bound what the child may use: bytes of memory, seconds of processor time, and no file but the pipes it has."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to its pipe and to no file
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def to_json(document: Document) -> str:
    """A document as the child sends it."""
    return json.dumps(
        {
            "text": tidy(document.text),
            "title": tidy(document.title),
            "published_on": document.published_on.isoformat() if document.published_on else None,
            "message_id": document.message_id,
            "sender": document.sender,
            "authentication_results": document.authentication_results,
            "attachments": [
                {
                    "original": base64.b64encode(file.original).decode(),
                    "media_type": file.media_type,
                    "filename": file.filename,
                }
                for file in document.attachments
            ],
        }
    )


def from_json(answer: bytes) -> Document:
    """What the child sent. Raises DocumentError for a trouble it names."""
    found = json.loads(answer)
    if "trouble" in found:
        raise DocumentError(Trouble(found["trouble"]), found["detail"])
    return Document(
        text=found["text"],
        title=found["title"],
        published_on=dt.date.fromisoformat(found["published_on"]) if found["published_on"] else None,
        message_id=found["message_id"],
        sender=found["sender"],
        authentication_results=tuple(found["authentication_results"]),
        attachments=tuple(
            Attachment(
                original=base64.b64decode(file["original"]), media_type=file["media_type"], filename=file["filename"]
            )
            for file in found["attachments"]
        ),
    )
