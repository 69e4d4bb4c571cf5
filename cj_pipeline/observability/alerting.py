"""Telling people: one message to a webhook (Slack's incoming webhooks take the same form) and by e-mail.

A target that is down never stops the caller: what could not be delivered is returned in words. Addresses and passwords
are never part of them.
"""

import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from http.client import HTTPException
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote, urlsplit

TIMEOUT_S: Final = 10.0
"""Longest wait for a target."""

_PORTS: Final[Mapping[str, int]] = MappingProxyType({"smtp": 25, "smtps": 465})


@dataclass(frozen=True, slots=True)
class AlertTargets:
    """Where alerts go; empty: nowhere.

    Attributes:
        webhook_url: Address that takes `{"text": ...}` by POST; it is a secret.
        smtp_url: Mail server, `smtp://host:port` or `smtps://host:port`, with a user before the host where needed.
        smtp_password: Password of that user.
        email_from: Sender.
        email_to: Receivers.
    """

    webhook_url: str = field(default="", repr=False)
    smtp_url: str = field(default="smtp://localhost:25", repr=False)
    smtp_password: str = field(default="", repr=False)
    email_from: str = ""
    email_to: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nobody is told."""
        return not (self.webhook_url or self.email_to)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of a message.

    Attributes:
        n_delivered: Targets that took it.
        trouble: One line per target that did not.
    """

    n_delivered: int
    trouble: tuple[str, ...]


def send_alert(targets: AlertTargets, subject: str, text: str, timeout_s: float = TIMEOUT_S) -> Delivery:
    """Tell every target; never raises for one that is down.

    Args:
        targets: Where it goes.
        subject: One line.
        text: The message.
        timeout_s: Longest wait for each target, seconds.
    """
    ways: dict[str, Callable[[AlertTargets, str, str, float], None]] = {}
    if targets.webhook_url:
        ways["webhook"] = _post
    if targets.email_to:
        ways["e-mail"] = _mail
    trouble = []
    for name, deliver in ways.items():
        try:
            deliver(targets, subject, text, timeout_s)
        except (OSError, smtplib.SMTPException, HTTPException, ValueError) as error:
            trouble.append(f"The alert could not be delivered by {name}: {_why(error)}.")
    return Delivery(len(ways) - len(trouble), tuple(trouble))


def _why(error: Exception) -> str:
    """Why, without addresses or passwords, which messages of libraries may repeat."""
    if isinstance(error, urllib.error.HTTPError):
        return f"HTTP status {error.code}"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"SMTP status {error.smtp_code}"
    reason = getattr(error, "reason", error)
    return type(reason if isinstance(reason, Exception) else error).__name__


def _post(targets: AlertTargets, subject: str, text: str, timeout_s: float) -> None:
    body = json.dumps({"text": f"{subject}\n{text}"}).encode()
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(targets.webhook_url, body, headers)  # noqa: S310 (the settings allow http only)
    with urllib.request.urlopen(request, timeout=timeout_s) as response:  # noqa: S310
        response.read(1)


def _mail(targets: AlertTargets, subject: str, text: str, timeout_s: float) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = targets.email_from, ", ".join(targets.email_to), subject
    message.set_content(text)
    at = urlsplit(targets.smtp_url)
    host, port = at.hostname or "localhost", at.port or _PORTS[at.scheme]
    with _connected(at.scheme, host, port, timeout_s) as server:
        if at.scheme == "smtp" and at.username:
            server.starttls(context=ssl.create_default_context())
        if at.username:
            server.login(unquote(at.username), targets.smtp_password)
        server.send_message(message)


def _connected(scheme: str, host: str, port: int, timeout_s: float) -> smtplib.SMTP:
    if scheme == "smtps":
        return smtplib.SMTP_SSL(host, port, timeout=timeout_s, context=ssl.create_default_context())
    return smtplib.SMTP(host, port, timeout=timeout_s)
