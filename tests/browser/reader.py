"""A person at a browser: opens pages, fills in forms by their labels, presses."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page

from lovdv.accounts.models import User
from tests.make import PASSWORD

VENDOR = Path(__file__).with_name("vendor")
AXE = (VENDOR / "axe-core-4.14.1" / "axe.min.js").read_text("utf-8")
RUN_AXE = """
async (options) => {
    const found = await axe.run(document, {resultTypes: ["violations"], ...options});
    return found.violations.map(v => ({
        rule: v.id, help: v.help, nodes: v.nodes.map(n => n.html).slice(0, 3)
    }));
}
"""


EMPTIED = """
() => {
    const form = [...document.querySelectorAll("main form[method=post]")].find(
        form => form.querySelector("input[type=text], textarea, input[type=file]")
            && form.querySelector("button[type=submit]:not([hidden])"));
    if (!form) return false;
    form.noValidate = true;
    for (const box of form.querySelectorAll("input[type=text], textarea")) {
        box.value = "";
    }
    form.querySelector("button[type=submit]:not([hidden])").dataset.sends = "emptied";
    return true;
}
"""


class Reader:
    """One person with one browser window and a session of their own."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context = context
        self.address = address
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        """A policy that blocks something of ours is a fault of ours."""
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def sign_in(self, user: User, password: str = PASSWORD) -> "Reader":
        self.open("/logga-in")
        self.fill("Användarnamn", user.login)
        self.fill("Lösenord", password)
        self.press("Logga in")
        self.page.wait_for_url(lambda url: "/logga-in" not in url)
        return self

    def sign_out(self, user: User) -> None:
        self.page.locator("summary", has_text=user.name).click()
        self.page.get_by_role("button", name="Logga ut", exact=True).click()
        self.page.wait_for_url(f"{self.address}/")

    def open(self, path: str) -> None:
        response = self.page.goto(self.address + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"

    def send_emptied(self, path: str) -> bool:
        """Send the page's form with its boxes emptied; whether it was refused."""
        self.page.goto(self.address + path)
        if not self.page.evaluate(EMPTIED):
            return False
        with self.page.expect_navigation():
            self.page.locator("[data-sends=emptied]").click()
        return self.page.locator(".ds-error-summary").count() > 0

    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def box(self, label: str) -> Locator:
        words = re.compile(rf"^{re.escape(label)}( \(frivilligt\))?$")
        return self.main().get_by_label(words)

    def fill(self, label: str, value: str) -> None:
        self.box(label).fill(value)

    def answer(self, words: str) -> Locator:
        """The box or circle whose label begins with the words."""
        begins = re.compile(rf"^\s*{re.escape(words)}")
        return self.main().locator("label", has_text=begins).first.locator("input")

    def mark(self, words: str) -> None:
        self.answer(words).check()

    def choose(self, label: str, option: str) -> None:
        """Pick in a list by the text that is shown."""
        self.main().get_by_label(label, exact=True).select_option(label=option)

    def tick(self, label: str) -> None:
        self.main().get_by_label(label, exact=True).check()

    def attach(self, label: str, file: Path) -> None:
        self.main().get_by_label(label).set_input_files(file)

    def press(self, name: str) -> None:
        self.main().get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def follow(self, name: str) -> None:
        """The first link whose text begins so."""
        self._link(name).first.click()
        self.page.wait_for_load_state()

    def has_link(self, name: str) -> bool:
        return self._link(name).count() > 0

    def _link(self, name: str) -> Locator:
        words = re.compile(f"^{re.escape(name)}")
        return self.main().get_by_role("link", name=words)

    def sees(self, text: str) -> None:
        """Waits for the text in the main part, or fails."""
        self.main().get_by_text(text).first.wait_for()

    def told(self) -> str:
        """Where the reader is and what stands there, for a test that has failed."""
        return f"\n{self.page.url}\n{self.main().inner_text()}\n"

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    def axe(self, **options: object) -> list[dict[str, object]]:
        """What axe-core finds on the open page; those opened later have it at once."""
        if not self.page.evaluate("'axe' in window"):
            self.context.add_init_script(AXE)
            self.page.evaluate(AXE)
        found: list[dict[str, object]] = self.page.evaluate(RUN_AXE, options)
        return found

    def overflow(self, width: int) -> int:
        """How many pixels the page is wider than a window of this width."""
        self.page.set_viewport_size({"width": width, "height": 800})
        wide: int = self.page.evaluate(
            "document.documentElement.scrollWidth"
            " - document.documentElement.clientWidth"
        )
        return wide
