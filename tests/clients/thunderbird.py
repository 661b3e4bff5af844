"""A real Thunderbird without a window, driven over Marionette, its remote control (length:JSON messages on a socket).

Everything it might fetch beyond this machine goes to a proxy that is not there.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PROGRAM = shutil.which("thunderbird")
_START_SECONDS = 90

_PREFERENCES = {
    "network.proxy.type": 1,
    "network.proxy.http": "127.0.0.1",
    "network.proxy.http_port": 9,
    "network.proxy.ssl": "127.0.0.1",
    "network.proxy.ssl_port": 9,
    "network.proxy.no_proxies_on": "localhost, 127.0.0.1",
    "network.proxy.allow_hijacking_localhost": False,
    "network.dns.disablePrefetch": True,
    "app.update.disabledForTesting": True,
    "app.normandy.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "extensions.update.enabled": False,
    "mailnews.start_page.enabled": False,
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mail.winsearch.firstRunDone": True,
    "app.donation.eoy.version.viewed": 999,
    "calendar.timezone.local": "America/New_York",
    "calendar.timezone.useSystemTimezone": False,
}

_SUBSCRIBE = """
const [kind, address, user, password] = arguments;
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const uri = Services.io.newURI(address);
if (password) {
  const login = Cc["@mozilla.org/login-manager/loginInfo;1"].createInstance(Ci.nsILoginInfo);
  login.init(uri.prePath, null, "Agenda", user, password, "", "");
  await Services.logins.addLoginAsync(login);
}
const calendar = cal.manager.createCalendar(kind, uri);
calendar.name = "Agenda";
if (user) calendar.setProperty("username", user);
calendar.setProperty("cache.enabled", true);
cal.manager.registerCalendar(calendar);
return cal.manager.getCalendars().find(one => one.uri.spec == address).id;
"""

_SHOWN = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const calendar = cal.manager.getCalendarById(arguments[0]);
const items = await calendar.getItemsAsArray(Ci.calICalendar.ITEM_FILTER_ALL_ITEMS, 0, null, null);
return {
  readOnly: calendar.readOnly, status: String(calendar.getProperty("currentStatus") ?? 0),
  disabled: Boolean(calendar.getProperty("disabled")),
  events: items.map(item => ({
    uid: item.id, title: item.title, starts: item.startDate.icalString, ends: item.endDate.icalString,
    zone: item.startDate.isDate ? "" : item.startDate.timezone.tzid, status: item.status,
    here: item.startDate.isDate ? "" : item.startDate.getInTimezone(cal.dtz.defaultTimezone).icalString,
    sequence: item.getProperty("SEQUENCE") ?? "0",
  })),
};
"""

_REFRESH = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
cal.manager.getCalendarById(arguments[0]).refresh();
"""

_ADD = """
const { cal } = ChromeUtils.importESModule("resource:///modules/calendar/calUtils.sys.mjs");
const { CalEvent } = ChromeUtils.importESModule("resource:///modules/CalEvent.sys.mjs");
const event = new CalEvent();
event.icalString = arguments[1];
try {
  await cal.manager.getCalendarById(arguments[0]).addItem(event);
  return "taken";
} catch (error) {
  return "refused";
}
"""


class Thunderbird:
    """A session with one Thunderbird."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._number = 0
        self._hear()  # it greets first
        self._ask("WebDriver:NewSession", {"capabilities": {}})
        self._ask("Marionette:SetContext", {"value": "chrome"})
        self._ask("WebDriver:SetTimeouts", {"script": 60_000})

    def subscribe(self, kind: str, address: str, user: str = "", password: str = "") -> str:
        """Add a calendar of a kind ("ics" or "caldav"); returns its id."""
        return str(self._run(_SUBSCRIBE, kind, address, user, password))

    def shown(self, calendar: str) -> dict[str, Any]:
        """What it holds of a calendar: `readOnly`, `disabled`, `status`, `events` (uid, title, starts, zone ...)."""
        answer: dict[str, Any] = self._run(_SHOWN, calendar)
        return answer

    def refresh(self, calendar: str) -> None:
        """Make it ask the server now."""
        self._run(_REFRESH, calendar)

    def add(self, calendar: str, event: str) -> str:
        """Try to write an event: "taken" or "refused"."""
        return str(self._run(_ADD, calendar, event))

    def _run(self, script: str, *arguments: str) -> Any:
        asked = {"script": f"return (async () => {{ {script} }}).apply(null, arguments);", "args": list(arguments)}
        return self._ask("WebDriver:ExecuteScript", asked)["value"]

    def _ask(self, command: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _kind, _number, error, value = self._hear()
        if error:
            raise RuntimeError(f"{command}: {error.get('message')}")
        return value

    def _hear(self) -> Any:
        length = b""
        while (byte := self._socket.recv(1)) != b":":
            if not byte:
                raise ConnectionError("Thunderbird closed the connection")
            length += byte
        content = b""
        while len(content) < int(length):
            content += self._socket.recv(int(length) - len(content))
        return json.loads(content)


@contextmanager
def thunderbird(folder: Path) -> Iterator[Thunderbird]:
    """A Thunderbird with a new profile in a folder."""
    assert PROGRAM is not None
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    profile = folder / "profile"
    profile.mkdir()
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in _PREFERENCES.items()]
    lines.append(f'user_pref("marionette.port", {port});')
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = [PROGRAM, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access"]
    environment = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "MOZ_CRASHREPORTER_DISABLE": "1"}
    with (folder / "thunderbird.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "--profile", str(profile)], env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            with _connected(process, port) as connection:
                yield Thunderbird(connection)
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _connected(process: subprocess.Popen[bytes], port: int) -> socket.socket:
    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            connection = socket.create_connection(("127.0.0.1", port), timeout=1)
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.2)
            continue
        connection.settimeout(90)
        return connection
