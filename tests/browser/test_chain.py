"""The whole chain in Chromium, each role at a browser of its own.

An assessor scores and a colleague establishes, a guide registers the choice, the
provider confirms order and month, finance runs, the approver attests, and the file
is downloaded. What it says is then computed anew, straight from the published list.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook

from lovdv.access import Role
from lovdv.accounts.models import User
from lovdv.extensions import db
from lovdv.needs import instruments
from lovdv.people.models import Client
from tests import make, make_payments
from tests.browser.reader import Reader
from tests.kit_databases import kinds

LIST = make_payments.PRICES / "tyreso-2020.csv"
EXAMPLE = Path(instruments.__file__).parents[2] / "assessment/instruments"
FIRST_DAY, LAST_DAY = date(2026, 4, 13), date(2026, 4, 30)
HALVES = ("förmiddag", "eftermiddag")
WEEKDAYS = ("Måndag", "Tisdag", "Onsdag", "Torsdag", "Fredag")
NOTIFIED, NOT_NOTIFIED = 14, (21, 22)
"""Days in April: one absence notified in time; two in a row that were not."""

Open = Callable[[str, User], Reader]


@pytest.fixture(scope="session", params=kinds())
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@dataclass
class People:
    """Those who take part."""

    client: Client
    assessor: User
    colleague: User
    caseworker: User
    guide: User
    provider: User
    finance: User
    approver: User


@pytest.fixture
def people(cloned_app: Flask) -> People:
    """A municipality on the day before: contracts and rules, nobody chosen yet."""
    cloned_app.config["TODAY"] = "2026-03-16"
    with cloned_app.app_context():
        make_payments.payment_rules()
        already_placed()
        shipped_instrument()
        unit = make.unit(name="Ateljén Viken")
        make.profile(unit)
        found = People(
            client=make.person(first_name="Robin", last_name="Ek"),
            assessor=make.user(Role.ASSESSOR, name="Astrid Ask"),
            colleague=make.user(Role.ASSESSOR, name="Kerstin Krok"),
            caseworker=make.user(Role.CASEWORKER, name="Hanna Hage"),
            guide=make.user(Role.GUIDE, name="Lo Lind"),
            provider=make.user(Role.PROVIDER, unit=unit, name="Ulf Udd"),
            finance=make.user(Role.FINANCE, name="Eva Ekonom"),
            approver=make.user(Role.APPROVER, name="Arne Attest"),
        )
        make.decision(found.client, first_day=date(2026, 3, 16), reference="BES-CHAIN")
        team = make.team(found.assessor, found.colleague, found.caseworker)
        make.assignment(found.client, team)
        db.session.commit()
        return found


def already_placed() -> None:
    """Two people who have gone somewhere all along, each paid another price."""
    own = make.unit(name="Egen regi", contracted=False)
    make.contract(own, regi="intern")
    for unit, level, days in ((own, "2", (0, 2, 4)), (make.unit(), "3", (1, 3))):
        client = make.person()
        make.decision(client)
        make.level(client, level, first_day=make.START)
        times = [[["09:00", "15:00"] if d in days else None for d in range(7)]]
        placement = make.placement(
            client, unit, times=times, first_day=date(2026, 4, 1)
        )
        make_payments.month_of(placement, "2026-04")


def shipped_instrument() -> None:
    """The example with five levels counts from today."""
    draft = instruments.add_draft(
        choice_system_id=make.system().id,
        content=(EXAMPLE / "exempel-5-1.json").read_bytes(),
    )
    draft.status, draft.first_day = "published", date(2026, 3, 16)
    db.session.flush()


@pytest.fixture
def on(cloned_app: Flask, readers: Callable[[], Reader]) -> Open:
    """Somebody who signs in on a day."""

    def sign_in(day: str, user: User) -> Reader:
        cloned_app.config["TODAY"] = day
        return readers().sign_in(user)

    return sign_in


def test_from_decision_to_finance_file(
    on: Open, people: People, tmp_path: Path
) -> None:
    decide_prices(on("2026-03-16", people.finance))
    score(on("2026-03-17", people.assessor), people.client)
    level = establish(on("2026-03-17", people.colleague), people.client)
    invite(on("2026-03-18", people.caseworker), people.client)
    choose(on("2026-03-19", people.guide))
    order(on("2026-03-23", people.caseworker))
    confirm_order(on("2026-03-24", people.provider))
    report_month(on("2026-05-04", people.provider))
    compute(on("2026-05-06", people.finance))
    attest(on("2026-05-06", people.approver))
    file = export(on("2026-05-06", people.finance), tmp_path)
    assert level == "4"
    assert amounts_in(file) == amounts_from_the_list(level)


def decide_prices(finance: Reader) -> None:
    finance.open("/prislistor/ny")
    finance.attach("Prislista i Excel eller CSV", LIST)
    finance.press("Läs in filen")
    finance.fill("Namn", "Tyresö 2020")
    finance.fill("Gäller från och med", "2020-01-01")
    finance.fill("Beslutets beteckning", "SN 2020/1 § 1")
    finance.press("Besluta prislistan")
    finance.sees("Tyresö 2020")


def score(assessor: Reader, client: Client) -> None:
    assessor.open(f"/personer/{client.public_id}/bedomning/ny")
    assessor.tick("Preliminär, när beslutet fattas")
    assessor.fill("Dag då bedömningen hölls", "2026-03-17")
    assessor.fill("Vilka var med?", "Robin och en boendestödjare")
    assessor.press("Börja bedöma")
    assessor.sees("Utkast. Nivån visas när alla områden är klara.")
    while assessor.has_link("Bedöm "):
        assessor.follow("Bedöm ")
        for answer in assessor.main().locator("input[value='2']").all():
            answer.check()
        for reason in assessor.main().get_by_label("Motivering").all():
            reason.fill("Behöver någon bredvid.")
        assessor.press("Klar med området")
        assessor.sees("Området är klart")
        assessor.follow("Till översikten")
        assessor.sees("Utkast. Nivån visas när alla områden är klara.")
    assessor.follow("Se resultatet och signera")
    assessor.press("Signera")


def establish(colleague: Reader, client: Client) -> str:
    colleague.open("/bedomningar")
    colleague.follow(f"{client.first_name} {client.last_name}")
    colleague.tick("Jag håller med")
    colleague.press("Spara granskningen")
    colleague.sees("Granskningen är sparad.")
    colleague.open("/bedomningar")
    colleague.follow(f"{client.first_name} {client.last_name}")
    if colleague.has_link("Fastställ"):
        colleague.follow("Fastställ")
    button = colleague.main().get_by_role("button", name="Fastställ nivå")
    level = button.inner_text().split()[-1]
    colleague.fill("Nivån gäller från och med", "2026-03-16")
    button.click()
    colleague.page.wait_for_load_state()
    return level


def invite(caseworker: Reader, client: Client) -> None:
    caseworker.open(f"/personer/{client.public_id}")
    caseworker.follow("Bjud in")
    caseworker.main().locator("input[name=kind]").first.check()
    caseworker.tick("Ja")
    caseworker.press("Bjud in")


def choose(guide: Reader) -> None:
    guide.open("/stod")
    guide.press("Jag hjälper personen")
    guide.open("/stod")
    guide.follow("Robin Ek")
    guide.follow("Registrera personens val")
    guide.main().get_by_label("Ateljén Viken").check()
    guide.main().locator("input[name=made_by][value=person]").check()
    guide.main().locator("input[name=channel]").first.check()
    guide.fill(
        "Vilket stöd fick personen att förstå och välja?", "Bilder och två besök."
    )
    guide.press("Läs igenom")
    guide.sees("Ateljén Viken")
    guide.press("Vänd skärmen till personen")
    guide.press("Ja, det här vill jag")
    guide.sees("Tack! Ditt val är sparat.")


def order(caseworker: Reader) -> None:
    caseworker.open("/bestallningar")
    caseworker.follow("Beställ plats")
    caseworker.fill("Önskad första dag", FIRST_DAY.isoformat())
    for day in WEEKDAYS:
        for half in HALVES:
            caseworker.tick(f"{day} {half}")
    caseworker.fill("Omfattning i ord", "Fem dagar, 30 timmar i veckan")
    caseworker.fill("Mål", "Få måla och träffa andra.")
    caseworker.fill("Kontakt", "Hanna Hage, 070-174 06 05")
    caseworker.press("Skicka beställningen")


def confirm_order(provider: Reader) -> None:
    provider.open("/bestallningar")
    provider.follow("Robin Ek")
    provider.follow("Bekräfta")
    provider.fill("Första dag", FIRST_DAY.isoformat())
    for day in WEEKDAYS:
        provider.main().get_by_label(f"{day} från, vecka 1").fill("9")
        provider.main().get_by_label(f"{day} till, vecka 1").fill("15.00")
    provider.press("Visa veckorna och räkna")
    provider.sees("omfattningsklass heltid")
    provider.press("Bekräfta")


def report_month(provider: Reader) -> None:
    """Deviations typed with the keyboard; the plan stands for the rest."""
    provider.open("/narvaro?month=2026-04")
    provider.main().locator("table input:not([type=hidden])").first.focus()
    for day, letter in ((NOTIFIED, "A"), *((day, "O") for day in NOT_NOTIFIED)):
        walk_to(provider, day)
        provider.page.keyboard.type(letter)
    provider.press("Spara och bekräfta alla som är klara")
    provider.main().get_by_text("Bekräftad", exact=True).first.wait_for()


def walk_to(provider: Reader, day: int) -> None:
    """Press the right arrow until the day has the focus."""
    focused = provider.page.locator("input:focus")
    for _ in range(31):
        if (focused.get_attribute("name") or "").endswith(f"-{day}"):
            return
        provider.page.keyboard.press("ArrowRight")
    raise AssertionError(f"day {day} cannot be reached")


def compute(finance: Reader) -> None:
    finance.open("/korningar/ny")
    finance.press("Räkna månaden")
    finance.main().get_by_role("link", name="Kontroller:").click()
    if finance.main().get_by_role("button", name="Spara beslutet").count():
        finance.tick("Betala ändå")
        finance.fill("Varför?", "Månaden är genomgången med enheterna.")
        finance.press("Spara beslutet")


def attest(approver: Reader) -> None:
    approver.open("/korningar")
    approver.follow("Fortsätt med april 2026")
    approver.follow("Granska och attestera")
    approver.press("Attestera")
    approver.sees("Ekonomen tar ut filen")


def export(finance: Reader, folder: Path) -> Path:
    finance.open("/korningar")
    finance.follow("Fortsätt med april 2026")
    finance.press("Ta ut filerna")
    with finance.page.expect_download() as download:
        finance.main().get_by_role("link", name="ersattning_2026-04").click()
    file = folder / "ersattning.xlsx"
    download.value.save_as(file)
    return file


def amounts_in(file: Path) -> list[Decimal]:
    """The file's amounts, smallest first; its control sheet must agree with them."""
    book = load_workbook(file)
    heading, *rows = book["Underlag"].iter_rows(values_only=True)
    column = heading.index("belopp")
    amounts = sorted(Decimal(str(row[column])) for row in rows)
    control = {row[0]: row[1] for row in book["Kontroll"].iter_rows(values_only=True)}
    assert Decimal(str(control["Summa"])) == sum(amounts)
    assert "Robin" not in str([list(row) for row in rows])
    return amounts


def amounts_from_the_list(level: str) -> list[Decimal]:
    """The same, from the municipality's own figures and a calendar."""
    with LIST.open(encoding="utf-8") as lines:
        price = {
            (row["nivå"], row["omfattning"], row["regi"]): Decimal(row["belopp_kr"])
            for row in csv.DictReader(lines, delimiter=";")
        }
    unpaid = len(NOT_NOTIFIED) - 1  # the first day of an unnotified absence is paid
    return sorted(
        [
            price[level, "heltid", "extern"]
            * (len(days(FIRST_DAY, LAST_DAY, range(5))) - unpaid),
            price["2", "halvtid", "intern"] * len(april((0, 2, 4))),
            price["3", "deltid", "extern"] * len(april((1, 3))),
        ]
    )


def april(weekdays: tuple[int, ...]) -> list[date]:
    return days(date(2026, 4, 1), date(2026, 4, 30), weekdays)


def days(first: date, last: date, weekdays: range | tuple[int, ...]) -> list[date]:
    every = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if day.weekday() in weekdays]
