"""Pages that are there only in some state: the demo is brought there through forms.

Each step does what a user does; what it returns are addresses that a role then sees.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path

from flask import Flask
from PIL import Image
from sqlalchemy import select, union

from lovdv.choice.models import QueueEntry
from lovdv.extensions import db
from lovdv.people.models import Client, Offer
from lovdv.placements.models import AttendanceMonth, Order, Placement
from lovdv.providers.models import Contract, Unit
from lovdv.reading.models import SymbolSet
from lovdv.systems import queries as systems
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.operations import decide_rule
from tests.browser.demo import AS_OF, Visitor
from tests.browser.pages import Found
from tests.kit_app import StrictClient
from tests.kit_pictures import ROW as COFFEE
from tests.kit_pictures import packed, svg
from tests.make_payments import PRICES

ROOT = Path(__file__).resolve().parents[2]
LAST_DAY = "2027-03-31"
LOGINS = {
    "assessor": "bedomare",
    "caseworker": "handlaggare",
    "client": "brukare",
    "finance": "ekonom",
    "guide": "lots",
    "lead": "systemledare",
    "provider": "utforare",
}

Addresses = Iterator[tuple[str, str]]
"""A role and an address that it should look at."""


@dataclass(frozen=True)
class Stage:
    """The demo, and the pages that each role has found so far."""

    app: Flask
    found: Mapping[str, Found]

    def client(self, role: str) -> StrictClient:
        return Visitor(role, LOGINS[role]).client(self.app)

    def path(self, role: str, endpoint: str) -> str:
        """The address where the role came upon a page of that kind."""
        return self.found[role].pages[endpoint]

    def sent(
        self, role: str, path: str, containing: str | None = None, **values: object
    ) -> str:
        """Fill in the page's form and send it; the address that it leads to."""
        response = self.client(role).send(path, containing, **values)
        assert response.location, f"{path}: {response.page.errors}"
        return str(response.location)


def price_lists(stage: Stage) -> Addresses:
    """One list to decide, and one with faults."""
    good = (PRICES / "tyreso-2020.csv").read_bytes()
    for text in (good, good.replace(b"439", b"mycket")):
        file = (BytesIO(text), "lista.csv")
        yield "finance", stage.sent("finance", "/prislistor/ny", file=file)


def files(stage: Stage) -> Addresses:
    """A file of people where one row has faults, read and not yet taken in."""
    rows = "ärendenummer;nummer;förnamn;efternamn\nDV-9;fel;Kim;Ek\n"
    file = (BytesIO(rows.encode()), "personer.csv")
    yield "caseworker", stage.sent("caseworker", "/importera/people", file=file)


def instruments(stage: Stage) -> Addresses:
    """Another instrument, not yet published."""
    text = (ROOT / "assessment" / "instruments" / "exempel-7-1.json").read_bytes()
    file = (BytesIO(text), "sju.json")
    draft = stage.sent("lead", "/instrument/ny", "document", document=file)
    yield "lead", draft
    address = draft.removesuffix("/utkast")
    yield "lead", f"{address}/publicera"
    yield "lead", f"{address}/prova"
    for name, part in (
        ("wac-388-828-9660-a2", "tabell"),
        ("wac-388-828-5820-lista", "beslut"),
        ("wac-388-828-5820-golv", "regel"),
    ):
        yield "lead", _part_of(stage, name, part)


def _part_of(stage: Stage, name: str, part: str) -> str:
    """A published instrument as a draft; the address of one of its parts."""
    path = ROOT / "tests" / "data" / "instruments" / f"{name}.json"
    file = (BytesIO(path.read_bytes()), path.name)
    draft = stage.sent("lead", "/instrument/ny", "document", document=file)
    links = stage.client("lead").page(draft).links.values()
    return next(link for link in links if link.startswith(f"{draft}/{part}/"))


def month(stage: Stage) -> Addresses:
    """The waiting month computed and decided, ready for the approver."""
    run = stage.sent("finance", "/korningar/ny")
    yield "finance", f"{run}/kontroller"
    yield "finance", f"{run}/kontroller/sample"
    yield "finance", f"{run}/utelamnat/fil"
    yield "finance", f"{_provider_in(stage, run)}/betala-tidigare"
    boxes = (
        stage.client("finance").page(f"{run}/kontroller").all("input", name="finding")
    )
    if boxes:
        stage.sent(
            "finance",
            f"{run}/kontroller",
            finding=[box.get("value") for box in boxes],
            decision="pay",
            reason="Genomgånget.",
        )
    yield "approver", f"{run}/attestera"


def _provider_in(stage: Stage, run: str) -> str:
    """The part of a run that one provider is paid."""
    links = stage.client("finance").page(run).links.values()
    return next(link for link in links if link.startswith(f"{run}/utforare/"))


def several_months(stage: Stage) -> Addresses:
    """A unit's months in one file."""
    month = stage.path("provider", "basis.basis")
    unit, _, written = month.rpartition("/")
    yield "provider", f"{unit}/excel?fran={written}&till={written}"


def payment_rules(stage: Stage) -> Addresses:
    """Rules being written, each part of them, and the decision."""
    draft = stage.sent("finance", "/ersattningsregler/ny", start="shipped:tyreso-2020")
    yield "finance", draft
    yield "finance", f"{draft}/beslut"


def looking_ahead(stage: Stage) -> Addresses:
    """Scenarios side by side, and last year's file with a row that is wrong."""
    page = stage.client("finance").page("/prognos/scenarier")
    chosen = [
        address.rpartition("/")[2]
        for address in page.links.values()
        if address.startswith("/prognos/scenarier/") and not address.endswith("/nytt")
    ]
    yield (
        "finance",
        "/prognos/jamfor?" + "&".join(f"scenario={one}" for one in chosen[:2]),
    )
    rows = "placeringsnummer;månad;belopp_kr\nP1;2026-08;100\nP2;augusti;100\n"
    file = (BytesIO(rows.encode()), "2025.csv")
    yield "finance", stage.sent("finance", "/prognos/skuggkorning", file=file)


def other_case(stage: Stage) -> Addresses:
    """A case that is somebody else's."""
    client = stage.client("caseworker")
    with stage.app.app_context():
        everyone = db.session.scalars(select(Client.public_id)).all()
    closed = (p for p in everyone if client.get(f"/personer/{p}").status_code != 200)
    yield "caseworker", f"/personer/{next(closed)}/oppna"


def death(stage: Stage) -> Addresses:
    """Somebody who has died, opened with a reason."""
    with stage.app.app_context():
        gone = db.session.scalars(
            select(Client.public_id)
            .where(Client.died_on.is_not(None), Client.protection == "")
            .limit(1)
        ).one()
    path = f"/personer/{gone}"
    stage.sent("caseworker", f"{path}/oppna", reason="Dödsfallet är på fel person.")
    yield "caseworker", f"{path}/handelse/dodsfall-fel"


def side_by_side(stage: Stage) -> Addresses:
    page = stage.client("client").page("/verksamheter")
    chosen = [box.get("value") for box in page.all("input", name="e")][:3]
    for role in ("nobody", "client"):
        yield role, "/verksamheter/jamfor?" + "&".join(f"e={unit}" for unit in chosen)


def remark(stage: Stage) -> Addresses:
    """The person says that something is wrong."""
    path = stage.path("client", "people.own_remark")
    stage.sent("client", path, text="Jag heter Elsa, inte Elsie.", about="Mitt namn")
    yield "caseworker", "/synpunkter"


def pause(stage: Stage) -> Addresses:
    placement = stage.path("caseworker", "placements.placement")
    stage.sent("caseworker", f"{placement}/paus", first_day=AS_OF)
    yield "caseworker", placement


def interruption(stage: Stage) -> Addresses:
    decision = stage.path("caseworker", "people.decision")
    stage.sent(
        "caseworker", f"{decision}/avbrott", first_day=AS_OF, reason="Sjukhus länge."
    )
    yield "caseworker", decision


def offer(stage: Stage) -> Addresses:
    decision = stage.path("caseworker", "people.decision")
    path = f"{decision}/erbjudande"
    units = stage.client("caseworker").form(path).element.iter("option")
    unit = next(value for o in units if (value := o.get("value")))
    stage.sent("caseworker", path, unit=unit, day=AS_OF)
    yield "caseworker", decision


def guiding(stage: Stage) -> Addresses:
    """The screen that is turned to the person, and what follows each answer."""
    client = stage.client("guide")
    person = stage.path("guide", "choice.supported").partition("?")[0]
    path = f"/val/{person.rpartition('/')[2]}/registrera"
    units = client.page(path).all("input", name="unit")
    told = {
        "unit": units[0].get("value"),
        "made_by": "person",
        "channel": "meeting",
        "support": "Vi tittade på bilder.",
    }
    read = client.send(path, "support", **told).page
    sent = read.form("support").filled({"step": "confirm"})
    room = client.post(path, data=sent).location
    yield "guide", str(room)
    yield "guide", f"{room}/nej"
    yield "guide", "/val/i-rummet/ja"
    yield "guide", "/val/i-rummet/vet-inte"
    yield "guide", path


def mandates(stage: Stage) -> Addresses:
    """Somebody with a representative."""
    client = stage.client("caseworker")
    person = stage.path("caseworker", "people.person")
    stage.sent(
        "caseworker",
        f"{person}/foretradare/ny",
        name="Göran Granskad",
        kind="god_man",
        scope=["sorja_for_person"],
        first_day=AS_OF,
        evidence="Registerutdrag",
        checked_on=AS_OF,
        next_check_on=AS_OF,
    )
    assert client
    yield "caseworker", person
    yield "caseworker", "/foretradare/kontroll"


def signature(stage: Stage) -> Addresses:
    yield "assessor", stage.path("assessor", "needs.draft") + "/signera"


def scoring(stage: Stage) -> Addresses:
    """All domains on one page; what only a page's script asks for."""
    yield "assessor", stage.path("assessor", "needs.draft") + "/alla"
    yield "assessor", "/session/kontakt"


def presentation(stage: Stage) -> Addresses:
    """Published with a photo of the door; then another photo, that waits for review."""
    lead, provider = stage.client("lead"), stage.client("provider")
    _photograph(stage, "entrance")
    stage.sent("provider", "/var-presentation", step="submit")
    name = provider.page("/var-presentation").heading.removeprefix("Presentation av ")
    review = lead.page("/presentationer").links[name]
    stage.sent("lead", review, outcome="publish", note="Nu är den publicerad.")
    yield "provider", "/var-presentation"
    _photograph(stage, "room")
    stage.sent("provider", "/var-presentation", step="submit")
    for role, client, path in (
        ("provider", provider, "/var-presentation/bilder"),
        ("lead", lead, review),
        ("nobody", StrictClient(stage.app), _public(review)),
    ):
        image = client.page(path).one("main").find(".//img[@class='lov-photo']")
        assert image is not None
        yield role, str(image.get("src"))
    yield "lead", "/presentationer"


def _photograph(stage: Stage, slot: str) -> None:
    out = BytesIO()
    Image.new("RGB", (900, 600), "steelblue").save(out, "JPEG")
    told = {"alt": "En blå dörr.", "consented": "y"}
    file = (BytesIO(out.getvalue()), "dorr.jpg")
    stage.sent("provider", f"/var-presentation/bilder/{slot}", file=file, **told)


def _public(review: str) -> str:
    """The page that everyone sees of the unit under review."""
    return f"/verksamheter/{review.split('/')[2]}"


def quality(stage: Stage) -> Addresses:
    """A measure without results."""
    told = {"words": "Trivs du här?", "source": "Brukarundersökningen", "year": "2026"}
    yield "lead", stage.sent("lead", "/presentationer/kvalitet", "words", **told)


def taken_home(stage: Stage) -> Addresses:
    """A short link, its QR code and the saved units on paper."""
    client = StrictClient(stage.app)
    sent = client.post_without_token("/verksamheter/ta-med", data={"s": "abc"})
    key = str(sent.location).rsplit("/", 1)[1]
    yield "nobody", str(sent.location)
    yield "nobody", f"/v/{key}"
    yield "nobody", f"/v/{key}.svg"
    yield "nobody", "/verksamheter/sparade.pdf?s=abc"


def hindrance(stage: Stage) -> Addresses:
    """A reader has told of something, and is thanked."""
    told = {"kind": "hindrance", "text": "Kartan gick inte att läsa upp."}
    sent = StrictClient(stage.app).send("/tillganglighet/beratta", "text", **told)
    yield "nobody", str(sent.location)
    yield "lead", "/tillganglighet/synpunkter"


def correction(stage: Stage) -> Addresses:
    """A locked month of a placement that the provider sees."""
    with stage.app.app_context():
        locked = db.session.execute(
            select(Placement.public_id, AttendanceMonth.month)
            .join(AttendanceMonth, AttendanceMonth.placement_id == Placement.id)
            .where(AttendanceMonth.status == "locked")
        ).all()
    client = stage.client("provider")
    paths = (f"/narvaro/{placement}/{first:%Y-%m}" for placement, first in locked)
    yield "provider", next(p for p in paths if client.get(p).status_code == 200)


def reassessment(stage: Stage) -> Addresses:
    """A unit asks for a new assessment of each whom it has; some of them are ours."""
    page = stage.client("provider").page("/ny-bedomning")
    for path in dict.fromkeys(
        link.get("href") or ""
        for link in page.all("a")
        if (link.get("href") or "").endswith("/ny-bedomning")
    ):
        if path != "/ny-bedomning":
            stage.sent("provider", path, reason="Orkar mindre.", evidence="Varje dag.")
    yield "provider", "/ny-bedomning"
    yield "caseworker", "/ny-bedomning/att-svara"
    yield "assessor", "/ny-bedomning/att-svara"


def closed_days(_: Stage) -> Addresses:
    yield "lead", "/stangda-dagar"


def notice(stage: Stage) -> Addresses:
    """The payment rules begin to judge when an absence was told, and one is told."""
    with stage.app.app_context():
        system = db.session.scalars(select(ChoiceSystem)).one()
        today = date.fromisoformat(AS_OF)
        value = systems.rule(system.id, "payment", today)
        decide_rule(
            choice_system_id=system.id,
            key="payment",
            first_day=today.replace(day=1),
            value={**value, "notice": {"hours": "24"}},
        )
        db.session.commit()
    client = stage.client("provider")
    person = stage.path("provider", "placements.day").rsplit("/dag/", 1)[0]
    for day in ("2026-11-02", "2026-11-03", "2026-11-04", "2026-11-05"):
        path = f"{person}/dag/{day}"
        sent = client.send(path, "code", code="A", told_day=day, told_clock="07:00")
        if sent.status_code == 302:
            break
    else:
        raise AssertionError(sent.page.errors)
    yield "provider", path
    yield "provider", f"{person}/2026-11"


def pictures(stage: Stage) -> Addresses:
    """The municipality's own pictures: a set in use, and a draft with a fault."""
    client, addresses = stage.client("lead"), []
    for name, rows in (("I bruk", [COFFEE]), ("Utkast", [COFFEE, "bus;b.svg;;;;"])):
        file = (BytesIO(packed(*rows, kaffe_svg=svg())), "bilder.zip")
        sent = client.send("/bilder/ny", name=name, file=file)
        assert sent.location, sent.page.errors
        addresses.append(str(sent.location))
    client.post(f"{addresses[0]}/anvand")
    for address in addresses:
        yield "lead", address
    image = client.page(addresses[1]).one("table").find(".//img")
    assert image is not None
    yield "lead", str(image.get("src"))
    with stage.app.app_context():
        used = db.session.scalars(select(SymbolSet).where(SymbolSet.status == "used"))
        yield "nobody", f"/bild/{used.one().symbols[0].public_id}"


def one_at_a_time(stage: Stage) -> Addresses:
    """The ways on from a question; a visit asked for; then a choice and its receipt."""
    client = stage.client("client")
    step = stage.path("client", "choosing.step")
    for go in ("unsure", "help"):
        yield "client", str(client.post(step, data={"go": go}).location)
    base = step.rsplit("/", 1)[0]
    for slug in ("tanka", "valj"):
        yield "client", f"{base}/{slug}"
    asked = stage.sent("client", stage.path("client", "visits.ask"), "weekdays")
    yield "client", asked
    receipt = stage.sent("client", stage.path("client", "choice.choose"), "expecting")
    yield "client", receipt
    yield "client", f"{receipt}/angra"
    yield "caseworker", f"/val/gjorda/{receipt.rpartition('/')[2]}/angra"
    for path in ("/val/angrade", "/val/provdagar"):
        yield "caseworker", path


def held_visit(stage: Stage) -> Addresses:
    """A unit's answer and its no, beside each other."""
    path = stage.path("provider", "visits.answer")
    yield "provider", f"{path}/nej"
    yield "provider", "/besok"


def leaving(stage: Stage) -> Addresses:
    """A unit stops where one of the caseworker's people is and nothing else waits."""
    links = stage.client("caseworker").page("/placeringar").links.values()
    own = {link.rpartition("/")[2] for link in links}
    there = stage.path("provider", "placements.placement").rpartition("/")[2]
    busy = union(
        select(QueueEntry.unit_id).where(QueueEntry.ended_at.is_(None)),
        select(Order.unit_id).where(Order.status == "sent"),
        select(Offer.unit_id).where(Offer.answer == "waiting"),
        select(Placement.unit_id).where(Placement.public_id == there),
    )
    with stage.app.app_context():
        contract, unit = db.session.execute(
            select(Contract.public_id, Unit.public_id)
            .select_from(Placement)
            .join(Contract, Contract.id == Placement.contract_id)
            .join(Unit, Unit.id == Placement.unit_id)
            .where(Placement.public_id.in_(own), Placement.unit_id.not_in(busy))
            .order_by(Placement.id)
        ).first()
    path = f"/avtal/{contract}/avslutar"
    told = {"units": [unit], "last_day": LAST_DAY, "reason": "closes"}
    sent = stage.client("lead").post(path, data={**told, "step": "confirm"})
    assert sent.location, sent.page.errors
    yield "lead", str(sent.location)
    yield "caseworker", str(sent.location)


def letters(stage: Stage) -> Addresses:
    """A letter to one person, and those that are made and sent together."""
    case = stage.path("caseworker", "choice.case")
    yield "caseworker", stage.sent("caseworker", f"{case}/brev", kind="invitation")
    caseworker = stage.client("caseworker")
    batch = str(caseworker.post("/val/brev/unwritten").location)
    yield "caseworker", batch
    assert caseworker.post(f"{batch}/skickat").location
    own = stage.client("client").page(stage.path("client", "choice.own_person"))
    yield "client", next(link for link in own.links.values() if "/brev/" in link)


def introduction(stage: Stage) -> Addresses:
    """Everyone with a place is asked."""
    path = stage.path("caseworker", "rounds.begin")
    sent = stage.client("caseworker").post(path, data={"step": "confirm"})
    assert sent.location, sent.page.errors
    for role in ("caseworker", "lead"):
        yield role, str(sent.location)


STEPS: tuple[Callable[[Stage], Addresses], ...] = (
    price_lists,
    files,
    instruments,
    other_case,
    death,
    side_by_side,
    remark,
    pause,
    interruption,
    offer,
    mandates,
    guiding,
    payment_rules,
    several_months,
    looking_ahead,
    signature,
    scoring,
    presentation,
    quality,
    taken_home,
    hindrance,
    correction,
    reassessment,
    closed_days,
    month,
    notice,
    pictures,
    letters,
    one_at_a_time,
    held_visit,
    introduction,
    leaving,
)


def addresses(stage: Stage) -> dict[str, list[str]]:
    """What each role should look at beside what its links lead to."""
    found: dict[str, list[str]] = {}
    for step in STEPS:
        for role, path in step(stage):
            found.setdefault(role, []).append(path)
    return found
