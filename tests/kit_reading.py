"""A world to read: somebody who chooses, and the pages that they and the public see."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from flask import Flask

from lovdv.access import Role
from lovdv.preferences import COOKIE
from tests import make
from tests.browser.pages import endpoint_of
from tests.kit_app import StrictClient
from tests.kit_page import Page, text_of

EASY = "reading=easy"
MUST_SAY = (
    "Du bestämmer",
    "Det kostar inget",
    "Så här gör du",
    "Svara senast",
    "Om jag inte väljer",
    "Jag kan byta",
    "Får jag vara kvar?",
    "Hur jag åker dit",
    "Den här personen hjälper dig",
    "Vem får veta",
    "Så klagar du",
)
BLOCKS = frozenset(
    {"h1", "h2", "h3", "p", "li", "dt", "dd", "th", "td", "label", "legend"}
)
FACTS: dict[str, object] = {
    "activities": ["cafe", "garden", "animals"],
    "outside_work": "yes",
    "a_day": "Vi fikar klockan 9. Sedan bakar vi. Vi går hem klockan 15.",
    "open_days": ["mon", "tue", "wed", "thu", "fri"],
    "opens": "8.30",
    "closes": "15.30",
    "lunch": "both",
    "lunch_price": "65",
    "surroundings": "both",
    "sound": "quiet",
    "access": ["wheelchair", "toilet", "rest"],
    "travel": "Buss 3 till Torget. Gå sedan 200 meter.",
    "group_size": 6,
    "staff": 2,
    "training": "Alla har gått kurs.",
    "languages": ["sv", "en"],
    "communication": ["pictures", "signs"],
}


@dataclass(frozen=True)
class World:
    """Somebody who chooses, and everything that can be chosen between."""

    reader: StrictClient
    pages: dict[str, str]
    names: list[str]


def world_in(app: Flask) -> World:
    """One unit that has told everything, and one that has told nothing."""
    app.config["DEMO"] = True
    home = make.municipality(contact="LSS-enheten, telefon 08-123 45 67")
    told, silent = make.unit(name="Kafé Solen"), make.unit(name="Snickeriet")
    make.profile(told, facts=FACTS, easy_text="Vi har ett kafé.\nDu får baka.")
    person = make.person(first_name="Kim", last_name="Ek")
    client = make.user(Role.CLIENT, client=person, name="Kim Ek", login="kim")
    make.decision(person)
    guide = make.user(Role.GUIDE, name="Lo Lind", phone="08-765 43 21")
    make.placement(person, silent)
    make.invitation(person, guide_id=guide.id, answer_by=date(2026, 3, 30))
    mine = f"/mitt-val/{person.public_id}"
    pages = {
        "choice.own": mine,
        "choice.choose": f"{mine}/valj/{told.public_id}",
        "choice.how": "/sa-fungerar-valet",
        "choice.compare": "/verksamheter",
        "choice.side_by_side": f"/verksamheter/jamfor?e={told.public_id}"
        f"&e={silent.public_id}",
        "choice.unit": f"/verksamheter/{told.public_id}",
        "choice.unit, no facts": f"/verksamheter/{silent.public_id}",
        "choice.print_all": "/verksamheter/utskrift",
    }
    names = [told.name, silent.name, told.provider.name, silent.provider.name]
    reader = StrictClient(app).login(client)
    return World(
        reader, pages, [*names, home.name, home.contact, guide.name, client.name]
    )


def read(
    world: World, way: str, pages: Mapping[str, str] | None = None
) -> Iterator[tuple[str, Page]]:
    """Every page of the person and the public, or these pages, read in one way."""
    world.reader.set_cookie(COOKIE, way)
    for name, path in (pages or world.pages).items():
        yield name, world.reader.page(path)


def sentences(page: Page) -> str:
    """What stands in the main part, a line for each block."""
    inner = [
        text_of(element)
        for element in page.one("main").iter()
        if element.tag in BLOCKS | {"button", "summary", "a", "option", "span"}
        and not any(child.tag in BLOCKS for child in element.iter() if child != element)
    ]
    return "\n".join(dict.fromkeys(filter(None, inner)))


def reached(world: World) -> dict[str, str]:
    """The pages of the world, and all that the person comes to by links from them."""
    app = world.reader.application
    found, waiting = dict(world.pages), ["/start", "/verksamheter"]
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        endpoint, answer = endpoint_of(app, path), world.reader.get(path)
        if endpoint is None or answer.status_code >= 400:
            continue
        links = [answer.location] if answer.location else []
        if not links and answer.mimetype == "text/html":
            found.setdefault(endpoint, path)
            links = [link.get("href") or "" for link in answer.page.tree.iter("a")]
        new = {link.partition("#")[0] for link in links if "?" not in link} - seen
        waiting += sorted(new)
        seen |= new
    return found
