"""Pictures of every page as every role, as contact sheets in shots/ (`make shots`).

Each role gets one sheet for each way of looking: wide and 390 px, light and dark.
"""

import html
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.demo import opened, visitors
from tests.browser.pages import Found, reached
from tests.browser.serving import serving
from tests.kit_missing import chromium

ROOT = Path(__file__).resolve().parents[2]
SHEET = """<!doctype html><html lang="sv"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:14px sans-serif;margin:16px;background:#888}}
main{{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}}
figure{{margin:0;background:#fff;padding:8px}}img{{display:block;width:{width}px}}
</style><h1>{title}</h1><main>{figures}</main></html>"""


@dataclass(frozen=True)
class Look:
    """One way of looking at a page."""

    name: str
    width: int
    height: int
    scheme: Literal["light", "dark"]
    shown: int


LOOKS = (
    Look("bred-ljus", 1280, 900, "light", 480),
    Look("bred-mork", 1280, 900, "dark", 480),
    Look("smal-ljus", 390, 844, "light", 240),
    Look("smal-mork", 390, 844, "dark", 240),
)


@dataclass(frozen=True)
class Studio:
    """Where pictures are taken, of what, and where they are put."""

    browser: Browser
    address: str
    app: Flask
    to: Path

    def shoot(self, found: Found, look: Look) -> None:
        """Each of the visitor's pages, and a sheet of all of them."""
        folder = self.to / found.visitor.role / look.name
        folder.mkdir(parents=True)
        context = self.context(found, look)
        page = context.new_page()
        for endpoint, path in found.pages.items():
            page.goto(self.address + path)
            page.screenshot(path=folder / f"{endpoint}.png", full_page=True)
        context.close()
        self.lay_out(found, look, folder)

    def context(self, found: Found, look: Look) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.address,
            viewport={"width": look.width, "height": look.height},
            color_scheme=look.scheme,
            locale="sv-SE",
        )
        context.add_cookies(found.visitor.cookies(self.app, self.address))
        return context

    def lay_out(self, found: Found, look: Look, folder: Path) -> None:
        title = f"{found.visitor.role}-{look.name}"
        figures = "".join(
            f'<figure><img src="{folder.relative_to(self.to)}/{endpoint}.png" alt="">'
            f"<figcaption>{html.escape(path)}</figcaption></figure>"
            for endpoint, path in found.pages.items()
        )
        file = self.to / f"{title}.html"
        text = SHEET.format(title=title, width=look.shown, figures=figures)
        file.write_text(text, "utf-8")
        page = self.browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(file.as_uri())
        page.screenshot(path=file.with_suffix(".png"), full_page=True)
        page.close()


def wanted(roles: Iterable[str], app: Flask) -> list[Found]:
    chosen = set(roles)
    return [
        reached(app, who) for who in visitors(app) if not chosen or who.role in chosen
    ]


def main(arguments: list[str]) -> int:
    """Roles to look at, or none for all; LOVDV_INSTANCE picks the demo."""
    instance = Path(os.environ.get("LOVDV_INSTANCE") or ROOT / "instance")
    if not (instance / "config.py").exists():
        sys.stderr.write("Det finns ingen demo att fotografera. Kör först: make demo\n")
        return 2
    to = ROOT / "shots"
    shutil.rmtree(to, ignore_errors=True)
    with (
        opened(instance) as app,
        serving(app) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium())
        studio = Studio(browser, address, app, to)
        for found in wanted(arguments, app):
            for look in LOOKS:
                studio.shoot(found, look)
            sys.stdout.write(f"{found.visitor.role}: {len(found.pages)} sidor\n")
        browser.close()
    sys.stdout.write(f"Bilderna finns i {to.relative_to(Path.cwd())}/\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
