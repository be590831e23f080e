"""Somebody with the app, before they are a customer: allauth's API by its own specification."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from django.core import mail
from django.test import Client

from config.tests.world import run_workers

HERE = "/api/v1/accounts/app/v1/"
PASSWORD = "a long pass phrase"
CODE = re.compile(r"^[A-Z]{4}-[A-Z]{4}$", re.MULTILINE)


@dataclass
class App:
    """One phone: it keeps the session's token between steps, and the token that lasts."""

    address: str = "127.0.0.1"
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))
    session: str = ""
    token: str = ""
    status: int = 0
    headers: Any = None

    def call(self, method: str, path: str, body: Any = None, *, base: str = HERE) -> dict[str, Any]:
        headers = {"X-Session-Token": self.session} if self.session else {}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        response = self.client.generic(
            method,
            base + path,
            "" if body is None else json.dumps(body),
            "application/json",
            headers=headers,
            REMOTE_ADDR=self.address,
        )
        self.status, self.headers = response.status_code, response.headers
        answer: dict[str, Any] = response.json() if response.content else {}
        meta = answer.get("meta", {}) if isinstance(answer, dict) else {}
        self.session = meta.get("session_token", self.session)
        self.token = meta.get("access_token", self.token)
        return answer

    def post(self, path: str, body: Any = None) -> dict[str, Any]:
        return self.call("POST", path, body)

    def api(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        return self.call(method, path, body, base="/api/v1/")

    def sign_in(self, username: str) -> None:
        self.token = self.api("POST", "auth/token/", {"username": username, "password": PASSWORD})["token"]

    def sign_up(self, email: str, **more: Any) -> None:
        self.post("auth/signup", {"email": email, "password": PASSWORD} | more)
        assert self.status == 401, "the address has to be verified first"

    def verify(self) -> None:
        self.post("auth/email/verify", {"key": code_in_last_mail()})
        assert self.status == 200


def mails() -> list[Any]:
    """All mails, after the worker sent what waits."""
    run_workers()
    return list(mail.outbox)


def code_in_last_mail() -> str:
    found = CODE.search(str(mails()[-1].body))
    assert found, mail.outbox[-1].body
    return found[0]
