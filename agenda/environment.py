"""Typed readers of the environment. No Django here, so that settings can use them first."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

# sun_path holds 108 bytes on Linux, 104 on macOS.
_LONGEST_SOCKET = 100


class SettingError(ValueError):
    """Raised when a variable of the environment is missing or cannot be read; says which and what to do."""


def text(name: str, default: str = "") -> str:
    """The variable as it stands, stripped; `default` where it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no: 1, true, yes, on against 0, false, no, off.

    Raises SettingError for any other word.
    """
    value = text(name).lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise SettingError(f"{name} is “{value}”. Use 1 or 0.")


def integer(name: str, default: int) -> int:
    """A whole number.

    Raises SettingError for anything else.
    """
    value = text(name)
    try:
        return int(value) if value else default
    except ValueError as error:
        raise SettingError(f"{name} is “{value}”. Use a whole number.") from error


def at_least(name: str, default: int, *, least: int) -> int:
    """A whole number that is not below `least`.

    Raises SettingError for anything else.
    """
    number = integer(name, default)
    if number < least:
        raise SettingError(f"{name} is {number}. Use {least} or more.")
    return number


def words(name: str) -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def required(name: str, how: str) -> str:
    """A variable that must be set.

    Raises SettingError that names it and says how to make it.
    """
    value = text(name)
    if not value:
        raise SettingError(f"{name} is not set. {how}")
    return value


def strong_secret(name: str, how: str) -> str:
    """A secret that must be set and cannot be guessed: 40 characters, not a few again and again.

    Raises SettingError that names it and says how to make it, without telling it.
    """
    value = required(name, how)
    if len(value) < 40 or len(set(value)) < 12:
        raise SettingError(f"{name} is too weak: sessions and sealed secrets hang on it. {how}")
    return value


def https_address(name: str, how: str) -> str:
    """An address that must be set and begin with https://: passwords, links and cookies go over it.

    Raises SettingError.
    """
    value = required(name, how)
    if not value.startswith("https://"):
        raise SettingError(f"{name} is “{value}”. {how}")
    return value


def writable_folder(path: Path, name: str) -> Path:
    """The folder that the variable `name` leads to, made if it is not there.

    Raises SettingError where it cannot be written.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"{path} cannot be made ({error.strerror}). Set {name} to another folder.") from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise SettingError(f"{path} cannot be written. Set {name} to another folder.")
    return path


def tcp_port(name: str, default: int) -> int:
    """A TCP port.

    Raises SettingError for anything that is none.
    """
    number = integer(name, default)
    if not 0 < number < 65536:
        raise SettingError(f"{name} is {number}. Use a port from 1 to 65535.")
    return number


def socket_path(data: Path) -> Path:
    """Where the embedded Valkey's socket lies: in the data folder, or in a temporary one if that path is too long."""
    wanted = data / "valkey.sock"
    if len(os.fsencode(wanted)) <= _LONGEST_SOCKET:
        return wanted
    digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"agenda-{os.getuid()}-{digest}.sock"


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed in; `is_tls` from the first byte."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    is_tls: bool = False


def mail_server(name: str) -> MailServer:
    """A server written smtps://user:password@host:port or smtp://host (percent-encoded); an empty one where unset.

    Raises SettingError for anything else, without telling the password.
    """
    value = text(name)
    if not value:
        return MailServer()
    how = f"{name} cannot be read. Write: smtps://user:password@host, special characters percent-encoded"
    try:
        parts = urlsplit(value)
        given = parts.port
    except ValueError as error:
        raise SettingError(how) from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingError(how)
    is_tls = parts.scheme == "smtps"
    user = unquote(parts.username or "")
    usual = 465 if is_tls else 587 if user else 25
    return MailServer(parts.hostname, given or usual, user, unquote(parts.password or ""), is_tls)
