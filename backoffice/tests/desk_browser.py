"""Staff before a real browser: signed in, at any width, in light or dark."""

from dataclasses import dataclass
from typing import Any, cast

from axe_playwright_python.sync_playwright import Axe
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page

from accounts.models import User

DESKTOP, PHONE = (1280, 900), (390, 844)
AXE = {"resultTypes": ["violations"]}  # what is well needn't be listed
BAD = ("serious", "critical")
MOST_TABS = 60
PATIENCE = 30_000  # milliseconds, for a machine that has more to do


@dataclass
class Desk:
    """A browser and the server it looks at."""

    browser: Browser
    address: str
    familiar: BrowserContext

    def sit(self, user: User, *, size: tuple[int, int] = DESKTOP, dark: bool = False) -> Page:
        """A page of somebody who is signed in."""
        client = Client()
        client.force_login(user)
        context = self.familiar
        if context.cookies():  # somebody else sits there
            context = self.browser.new_context(base_url=self.address)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.address}])
        page = context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme="dark" if dark else "light")
        return page


def url_of(row: Model) -> str:
    meta = row._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[row.pk])


def list_of(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def serious(page: Page) -> list[str]:
    """What axe finds on a page that keeps people out."""
    found = cast(dict[str, Any], Axe().run(page, options=AXE).response)
    return [
        f"{page.url}: {issue['id']}: {node['html'][:160]}"
        for issue in found["violations"]
        if issue["impact"] in BAD
        for node in issue["nodes"]
    ]


def fits_in_width(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def focused(page: Page) -> str:
    words = "document.activeElement.innerText || document.activeElement.name || ''"
    return str(page.evaluate(f"() => {words}")).strip()


def tab_to(page: Page, words: str) -> None:
    """Go on with the Tab key until what says this has the focus, as a person would, and can be seen."""
    for _ in range(MOST_TABS):
        if focused(page).endswith(words):
            break
        page.keyboard.press("Tab")
    assert focused(page).endswith(words), f"{words} can't be reached by keyboard"
