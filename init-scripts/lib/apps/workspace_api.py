"""The workspace, asked over HTTP as the person of this session."""
import json
import os
import re
import shlex
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

LIB = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
# Seconds.
LONGEST_ANSWER = 60
BUSY = (429, 500, 502, 503, 504)


class Trouble(Exception):
    """Why it cannot be done, and what to do about it, for people."""

    def __init__(self, said, exit_status=1):
        super().__init__(said)
        self.exit_status = exit_status


class Refused(Exception):
    """The workspace says no; `message` is what it says."""

    def __init__(self, status, message):
        super().__init__(f"HTTP {status}: {message}")
        self.status, self.message = status, message


class NoAnswer(Exception):
    """Nobody knows whether what was asked has been done."""


def node_settings():
    """What the init script was told about this workshop; the session's own environment wins."""
    found = {}
    try:
        with open(os.path.join(LIB, "..", "settings"), encoding="utf-8") as file:
            for line in file:
                name, is_setting, value = line.partition("=")
                if is_setting and re.fullmatch(r"WORKSHOP_\w+", name):
                    found[name] = "".join(shlex.split(value))
    except (OSError, ValueError):
        pass
    return {**found, **{name: value for name, value in os.environ.items() if name.startswith("WORKSHOP_") and value}}


class WorkspaceApi:
    """@raise Trouble where this session knows no workspace."""

    def __init__(self, settings):
        host = os.environ.get("DATABRICKS_HOST") or settings.get("WORKSHOP_HOST") or ""
        if not host:
            raise Trouble(
                "No workspace is known here: DATABRICKS_HOST is not set, so this is no session of databricks ssh. "
                "Leave, and connect again from your laptop."
            )
        self.host = (host if re.match("https?://", host) else f"https://{host}").rstrip("/")
        self.token = os.environ.get("DATABRICKS_TOKEN") or newest_token() or ""

    def who_am_i(self):
        """The user name of the person. A token of this session that has expired is replaced. @raise Trouble"""
        for is_last in (False, True):
            try:
                name = self.ask("GET", "/api/2.0/preview/scim/v2/Me").get("userName")
                if not name:
                    raise Trouble("The workspace does not say who you are. Type: check-claude")
                return name
            except Refused as refused:
                newer = None if is_last or refused.status not in (401, 403) else newest_token()
                if not newer or newer == self.token:
                    raise Trouble(
                        f"The workspace does not take this session's token (HTTP {refused.status}: {refused.message})."
                        " Type: claude-refresh-token"
                    ) from refused
                self.token = newer
        raise AssertionError

    def ask(self, method, path, body=None, content=None, is_once=False):
        """
        The JSON of the answer. Asks again while the workspace is busy or does not answer; with `is_once` only where it
        cannot have done anything yet. @raise Refused @raise NoAnswer @raise Trouble
        """
        for pause in (1, 2, 4, None):
            try:
                return self.ask_once(method, path, body, content)
            except Refused as refused:
                # A full workspace may say that it is busy: more of the same changes nothing.
                if refused.status not in BUSY or is_full(refused.message):
                    raise
                if refused.status != 429 and is_once:
                    raise NoAnswer(str(refused)) from refused
                if pause is None:
                    raise
            except NoAnswer:
                if pause is None or is_once:
                    raise
            time.sleep(pause)
        raise AssertionError

    def ask_once(self, method, path, body, content):
        data = content if content is not None else None if body is None else json.dumps(body).encode()
        kind = "application/json" if content is None else "application/octet-stream"
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        request = urllib.request.Request(f"{self.host}{path}", data=data, method=method, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=LONGEST_ANSWER) as answer:
                read = answer.read()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, self.message_of(error.read(4_000))) from error
        except (OSError, ValueError) as error:
            raise NoAnswer(str(getattr(error, "reason", error))) from error
        try:
            found = json.loads(read or b"{}")
        except ValueError as error:
            raise Trouble(
                f"{self.host} answers {method} {path.partition('?')[0]} with something that is no JSON: a sign-in page "
                "or a proxy stands between. Type: check-claude"
            ) from error
        return found if isinstance(found, dict) else {}

    def message_of(self, body):
        text = body.decode(errors="replace").strip()
        try:
            text = str(json.loads(text)["message"])
        except (ValueError, KeyError, TypeError):
            pass
        # No secret gets out, not even in somebody else's words.
        return (text.replace(self.token, "***") if self.token else text)[:600] or "it gives no reason"


def is_full(message):
    """Whether these are the words with which a workspace refuses one app too many."""
    return "maximum limit" in message.lower()


def newest_token():
    """The newest token on this node that the workspace takes; None where there is none."""
    found = subprocess.run(
        ["bash", os.path.join(LIB, "api-key")], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False
    )
    return found.stdout.decode().strip() or None


def quoted(path):
    """A path of the workspace as part of an address."""
    return urllib.parse.quote(path, safe="")
