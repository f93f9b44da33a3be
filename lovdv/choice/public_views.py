"""Requests in, pages out: the comparison that everyone may read without login."""

from dataclasses import replace
from urllib.parse import urlencode

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from lovdv import preferences
from lovdv.access import Permission, actor, public
from lovdv.choice import invitations, listing, ordering, queries
from lovdv.choice.blueprint import bp
from lovdv.clock import today
from lovdv.extensions import csrf
from lovdv.people.models import Client
from lovdv.providers.questions import BY_KEY, GROUPS, in_group
from lovdv.redirects import own_path
from lovdv.systems.models import ChoiceSystem
from lovdv.systems.queries import rule

# The names that the questions have in addresses.
PARAMETERS = {
    "activities": "gor",
    "access": "finns",
    "communication": "satt",
    "languages": "sprak",
    "surroundings": "ute",
    "sound": "ljud",
}
COMPARING = frozenset(
    {"choice.compare", "choice.unit", "choice.side_by_side", "choice.print_all"}
)


@bp.app_url_defaults
def carry_on(endpoint: str, values: dict[str, object]) -> None:
    """What the comparison's links keep: whose choice it is, and how it is ordered.

    The order goes along to the choice, which keeps what was shown.
    """
    if endpoint not in COMPARING | {"choice.choose"}:
        return
    for name, kept in (("s", "comparison_seed"), ("ordning", "comparison_sort")):
        if g.get(kept):
            values.setdefault(name, g.get(kept))
    if g.get("comparison_person") and endpoint in COMPARING:
        values.setdefault("person", g.get("comparison_person"))


@bp.get("/verksamheter")
@public
def compare() -> ResponseReturnValue:
    system, person = _system(), chooser()
    if system is None:
        return render_template("choice/nothing.html")
    seed, wish = reader_seed(person), _wish()
    found = listing.compare(system, today(), seed, wish)
    count = listing.page_count(found.rows)
    number = min(max(request.args.get("sida", 1, type=int), 1), count)
    page = render_template(
        "choice/compare.html",
        comparison=found,
        rows=listing.on_page(found.rows, number),
        page=_page(number, count),
        wish=wish,
        sorts=ordering.SORTS,
        filters=[(BY_KEY[key], PARAMETERS[key]) for key in listing.FILTERS],
        **_around(system, person, seed),
    )
    return _remembered(page, seed, person)


@bp.get("/verksamheter/jamfor")
@public
def side_by_side() -> ResponseReturnValue:
    system, person = _system(), chooser()
    if system is None:
        return render_template("choice/nothing.html")
    seed, asked = reader_seed(person), request.args.getlist("e")
    reader_sort()
    rows = [
        row
        for row in listing.everything(system, today(), seed)
        if row.public_id in asked
    ]
    page = render_template(
        "choice/side_by_side.html",
        rows=rows[: listing.AT_MOST_COMPARED],
        too_many=len(rows) > listing.AT_MOST_COMPARED,
        groups=[(group, in_group(group)) for group in GROUPS],
        **_around(system, person, seed),
    )
    return _remembered(page, seed, person)


@bp.get("/verksamheter/utskrift")
@public
def print_all() -> ResponseReturnValue:
    system, person = _system(), chooser()
    if system is None:
        return render_template("choice/nothing.html")
    seed = reader_seed(person)
    rows = listing.everything(system, today(), seed)
    return render_template(
        "choice/print.html", rows=rows, **_around(system, person, seed)
    )


@bp.get("/verksamheter/<public_id>")
@public
def unit(public_id: str) -> ResponseReturnValue:
    system, person = _system(), chooser()
    seed = reader_seed(person)
    reader_sort()
    rows = listing.everything(system, today(), seed) if system else []
    row = next((row for row in rows if row.public_id == public_id), None)
    if system is None or row is None:
        raise NoResultFound
    return render_template(
        "choice/unit.html",
        row=row,
        groups=[(group, in_group(group)) for group in GROUPS],
        queue=queries.queue_of(row.offered.unit.id),
        **_around(system, person, seed),
    )


@bp.post("/verksamheter/spara")
@csrf.exempt  # changes nothing but the reader's own cookie
@public
def save_unit() -> ResponseReturnValue:
    preferences.require_same_site()
    kept = preferences.with_saved(
        preferences.chosen(),
        request.form.get("unit", "")[:20],
        keep=request.form.get("keep") == "1",
    )
    seed = kept.seed or reader_seed(None)
    target = own_path(request.form.get("next", ""), url_for("choice.compare"))
    return preferences.remember(redirect(target), replace(kept, seed=seed))


@bp.get("/sa-fungerar-valet")
@public
def how() -> ResponseReturnValue:
    system = _system()
    settings = rule(system.id, "choice", today()) if system else {}
    return render_template("choice/how.html", system=system, settings=settings)


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


def _system() -> ChoiceSystem | None:
    """The choice system asked for, or the first that is open."""
    systems = invitations.open_systems(today())
    asked = request.args.get("system")
    named = [system for system in systems if system.public_id == asked]
    return next(iter(named or systems), None)


def _wish() -> listing.Wish:
    ticked = {
        key: [
            value
            for value in request.args.getlist(name)
            if value in BY_KEY[key].options
        ]
        for key, name in PARAMETERS.items()
    }
    return listing.Wish(
        sort=reader_sort(),
        area=request.args.get("omrade", "")[:60],
        free=request.args.get("ledigt") == "1",
        ticked=ticked,
    )


def _page(number: int, count: int) -> listing.PageOf:
    kept = {"s": g.get("comparison_seed", []), **request.args.to_dict(flat=False)}
    here = request.path
    addresses = [
        f"{here}?{urlencode({**kept, 'sida': each}, doseq=True)}"
        for each in range(1, count + 1)
    ]
    return listing.PageOf([], number, count, addresses)


def _around(
    system: ChoiceSystem, person: Client | None, seed: str
) -> dict[str, object]:
    saved = (
        queries.saved_units(person.id) if person else preferences.chosen().saved_units
    )
    return {
        "system": system,
        "systems": invitations.open_systems(today()),
        "person": person,
        "seed": seed,
        "saved": set(saved),
        "here": request.full_path.rstrip("?"),
    }


def _remembered(page: str, seed: str, person: Client | None) -> ResponseReturnValue:
    """Set the one cookie when the reader has made an active choice."""
    response = make_response(page)
    wishes = preferences.chosen()
    if person is None and not wishes.seed and {"ordning", "e"} & set(request.args):
        preferences.remember(response, replace(wishes, seed=seed))
    return response
