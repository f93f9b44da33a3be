"""Who reads the comparison: for whom, in which order, from where and what is saved."""

from dataclasses import dataclass

from flask import g, request
from flask_login import current_user

from lovdv import preferences
from lovdv.access import Permission, actor
from lovdv.choice import distance, invitations, listing, ordering, queries, snapshot
from lovdv.choice.blueprint import bp
from lovdv.choice.snapshot import Offer
from lovdv.clock import today
from lovdv.people.models import Client
from lovdv.providers.questions import BY_KEY
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import rule

# The names that the questions have in addresses.
PARAMETERS = {
    "activities": "gor",
    "outside_work": "foretag",
    "open_days": "dagar",
    "lunch": "lunch",
    "access": "finns",
    "communication": "satt",
    "languages": "sprak",
    "surroundings": "ute",
    "sound": "ljud",
}
COMPARING = frozenset(
    {
        "choice.compare",
        "choice.unit",
        "choice.side_by_side",
        "choice.print_all",
        "choice.map_of",
        "choice.saved",
        "choice.saved_pdf",
    }
)
KEPT = {
    "s": "comparison_seed",
    "ordning": "comparison_sort",
    "fran": "comparison_place",
}


@dataclass(frozen=True)
class Reader:
    """One reading of the comparison."""

    system: Offer
    systems: list[Offer]
    person: Client | None
    seed: str
    saved: list[str]

    def around(self) -> dict[str, object]:
        """What every page of the comparison is given."""
        return {
            "system": self.system,
            "systems": self.systems,
            "person": self.person,
            "seed": self.seed,
            "saved": set(self.saved),
            "here": request.full_path.rstrip("?"),
        }


@bp.app_url_defaults
def carry_on(endpoint: str, values: dict[str, object]) -> None:
    """What the comparison's links keep: whose choice it is, and how it is ordered.

    The order goes along to the choice, which keeps what was shown.
    """
    if endpoint not in COMPARING and endpoint != "choice.choose":
        return
    for name, kept in KEPT.items():
        if g.get(kept):
            values.setdefault(name, g.get(kept))
    if g.get("comparison_person") and endpoint in COMPARING:
        values.setdefault("person", g.get("comparison_person"))


def reader() -> Reader | None:
    """The reader of this request; None before any choice system is open."""
    systems = snapshot.site().offers
    asked = request.values.get("system")
    named = [system for system in systems if system.public_id == asked]
    system = next(iter(named or systems), None)
    if system is None:
        return None
    person = chooser()
    saved = queries.saved_units(person.id) if person else ()
    kept = saved if person else preferences.chosen().saved_units
    return Reader(system, systems, person, reader_seed(person), list(kept))


def chooser() -> Client | None:
    """The person whose choice the reader is making: the only one, or the one named."""
    if not current_user.is_authenticated or not current_user.may(Permission.CHOICE_OWN):
        return None
    people = invitations.own_persons(actor())
    if len(people) == 1:
        return people[0]
    asked = request.values.get("person", "")
    found = next((each for each in people if each.public_id == asked), None)
    if found is not None:
        g.comparison_person = found.public_id
    return found


def reader_seed(person: Client | None) -> str:
    """A link's seed, the person's own, the cookie's, or a new one that links keep."""
    linked = request.values.get("s", "")
    if linked.isalnum() and linked.isascii():
        g.comparison_seed = linked[:32]
        return linked[:32]
    if person is not None:
        return ordering.seed_for(person.public_id)
    kept = preferences.chosen().seed
    if kept:
        return kept
    g.comparison_seed = ordering.new_seed()
    return str(g.comparison_seed)


def reader_sort() -> str:
    """The order asked for, which links keep when it is not the neutral one."""
    asked = request.values.get("ordning", "")
    if asked not in ordering.SORTS or asked == ordering.NEUTRAL:
        return ordering.NEUTRAL
    g.comparison_sort = asked
    return asked


def places(system: ChoiceSystem) -> list[distance.Place]:
    """The places that the municipality has named to tell distance from."""
    return distance.places_of(rule(system.id, "map", today()))


def reader_place(known: list[distance.Place]) -> distance.Place | None:
    """The place that the reader counts from, which links keep."""
    asked = request.values.get("fran", "")
    found = next((place for place in known if place.name == asked), None)
    if found is not None:
        g.comparison_place = found.name
    return found


def wish(known: list[distance.Place]) -> listing.Wish:
    ticked = {
        key: [
            value
            for value in request.args.getlist(name)
            if value in BY_KEY[key].options
        ]
        for key, name in PARAMETERS.items()
    }
    order, place = reader_sort(), reader_place(known)
    return listing.Wish(
        sort=ordering.NEUTRAL if order == ordering.BY_DISTANCE and not place else order,
        area=request.args.get("omrade", "")[:60],
        free=request.args.get("ledigt") == "1",
        ticked=ticked,
        place=place,
    )
