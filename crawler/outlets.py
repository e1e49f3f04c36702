"""Where alarms are told: a command of the operator's, a webhook, and e-mail; the log has them anyway."""

from __future__ import annotations

import json
import shlex
import smtplib
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from typing import Any

from scrapy.settings import BaseSettings

from storage.alarms import Finding

TIMEOUT = 30.0
"""Seconds that each outlet may take."""


@dataclass(slots=True, frozen=True)
class News:
    """What is told after a crawl: alarms that were raised, and those that healed."""

    site: str
    publisher: str
    run_id: int
    raised: Sequence[Finding]
    healed: Sequence[Finding]

    def lines(self) -> list[str]:
        """One line an alarm, each with the site's name."""
        said = [("alarm", finding) for finding in self.raised] + [
            ("healed", finding) for finding in self.healed
        ]
        return [f"{word}: {self.site}: {one.kind}: {one.message}" for word, one in said]

    def json(self) -> str:
        """The same for machines."""
        return json.dumps(asdict(self), ensure_ascii=False)


def tell(settings: BaseSettings, news: News) -> list[str]:
    """Tells every outlet that the settings name; returns one line for each that could not be told. Blocks.

    Settings: ALARM_COMMAND, ALARM_WEBHOOK, ALARM_MAIL_TO with MAIL_HOST,
    MAIL_PORT, MAIL_FROM, MAIL_USER, MAIL_PASS, MAIL_TLS and MAIL_SSL.
    """
    outlets: dict[str, Callable[[BaseSettings, News], None]] = {
        "ALARM_COMMAND": _command,
        "ALARM_WEBHOOK": _webhook,
        "ALARM_MAIL_TO": _mail,
    }
    problems = []
    for name, outlet in outlets.items():
        if not settings.get(name):
            continue
        try:
            outlet(settings, news)
        except (OSError, ValueError, subprocess.SubprocessError, smtplib.SMTPException) as error:
            problems.append(f"{name}: {' '.join(str(error).split()) or type(error).__name__}")
    return problems


def _command(settings: BaseSettings, news: News) -> None:
    command = shlex.split(settings["ALARM_COMMAND"])
    done = subprocess.run(  # noqa: S603 - the operator's own setting, without a shell
        command, input=news.json(), capture_output=True, text=True, timeout=TIMEOUT, check=False
    )
    if done.returncode:
        raise OSError(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()[:200]}")


def _webhook(settings: BaseSettings, news: News) -> None:
    address = settings["ALARM_WEBHOOK"]
    if not address.startswith(("http://", "https://")):
        raise ValueError(f"is no http address: {address}")
    request = urllib.request.Request(  # noqa: S310 - checked above
        address, news.json().encode(), {"Content-Type": "application/json; charset=utf-8"}, method="POST"
    )
    try:
        urllib.request.urlopen(request, timeout=TIMEOUT).close()  # noqa: S310 - as above
    except urllib.error.HTTPError as error:
        raise OSError(f"answered {error.code}") from None


def _mail(settings: BaseSettings, news: News) -> None:
    message = EmailMessage()
    number = f"{len(news.raised)} alarms" if news.raised else f"{len(news.healed)} alarms healed"
    message["Subject"] = f"{news.site}: {number}"
    message["From"] = settings["MAIL_FROM"]
    message["To"] = ", ".join(settings.getlist("ALARM_MAIL_TO"))
    message.set_content("\n".join([news.publisher, *news.lines(), f"scrapy runs {news.site}"]))
    kind: Any = smtplib.SMTP_SSL if settings.getbool("MAIL_SSL") else smtplib.SMTP
    with kind(settings["MAIL_HOST"], settings.getint("MAIL_PORT"), timeout=TIMEOUT) as server:
        if settings.getbool("MAIL_TLS"):
            server.starttls()
        if settings.get("MAIL_USER"):
            server.login(settings["MAIL_USER"], settings["MAIL_PASS"])
        server.send_message(message)
