"""Requests in, pages out: the comparison that everyone may read without login."""

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from lovdv import preferences
from lovdv.access import public
from lovdv.choice import distance, listing, ordering, queries
from lovdv.choice.blueprint import bp
from lovdv.choice.reader import (
    PARAMETERS,
    Reader,
    reader,
    reader_place,
    reader_seed,
    reader_sort,
    wish,
)
from lovdv.clock import today
from lovdv.extensions import csrf
from lovdv.providers import profile_freshness, profile_quality
from lovdv.providers.profile_photos import SLOTS
from lovdv.providers.questions import BY_KEY, GROUPS, in_group
from lovdv.redirects import own_path
from lovdv.systems.queries import rule

NOTHING = "choice/nothing.html"


@bp.get("/verksamheter")
@public
def compare() -> ResponseReturnValue:
    who = reader()
    if who is None:
        return render_template(NOTHING)
    known = who.system.places
    asked = wish(known)
    found = listing.compare(who.system, who.seed, asked)
    page = _page(found.entries)
    shown = listing.on_page(found.entries, page.number)
    answer = render_template(
        "choice/compare.html",
        comparison=found,
        rows=listing.cards(who.system, shown, asked.place),
        page=page,
        wish=asked,
        sorts=_sorts(known),
        places=known,
        unit_address=_unit_addresses(),
        filter_groups=_filter_groups(who, asked),
        **who.around(),
    )
    return _remembered(answer, who)


FILTERS = [(BY_KEY[key], PARAMETERS[key]) for key in listing.FILTERS]


def _filter_groups(who: Reader, asked: listing.Wish) -> object:
    """What is important, to tick; the same for all who have ticked the same."""
    ticked = {key: values for key, values in asked.ticked.items() if values}
    key = [f"{name} {value}" for name, values in ticked.items() for value in values]
    return who.system.face("filter_groups", tuple(key), FILTERS, ticked)


def _unit_addresses() -> Callable[[str], str]:
    """The address of each unit's page; what all of them carry is built once."""
    before, _, after = url_for("choice.unit", public_id="-").partition("/-")
    return lambda public_id: f"{before}/{public_id}{after}"


def _sorts(known: list[distance.Place]) -> dict[str, str]:
    """Distance is an order only where the municipality has named places."""
    return {
        value: words
        for value, words in ordering.SORTS.items()
        if known or value != ordering.BY_DISTANCE
    }


@bp.get("/verksamheter/karta")
@public
def map_of() -> ResponseReturnValue:
    """The page's units as numbered points, and the same numbers as a list."""
    who = reader()
    if who is None:
        return render_template(NOTHING)
    known = who.system.places
    asked = wish(known)
    found = listing.compare(who.system, who.seed, asked)
    page = _page(found.entries)
    shown = listing.cards(
        who.system, listing.on_page(found.entries, page.number), asked.place
    )
    return render_template(
        "choice/map.html",
        comparison=found,
        rows=list(enumerate(shown, (page.number - 1) * listing.PAGE + 1)),
        page=page,
        wish=asked,
        map=_drawn(shown, known, (page.number - 1) * listing.PAGE),
        **who.around(),
    )


def _drawn(
    shown: list[listing.Card], known: list[distance.Place], before: int
) -> distance.Map | None:
    """None when no unit on the page says where it is."""
    told = [
        (str(number), row.name, row.latitude, row.longitude)
        for number, row in enumerate(shown, before + 1)
        if row.latitude is not None and row.longitude is not None
    ]
    return distance.drawn(told, known) if told else None


@bp.get("/verksamheter/jamfor")
@public
def side_by_side() -> ResponseReturnValue:
    who, asked = reader(), request.args.getlist("e")
    if who is None:
        return render_template(NOTHING)
    reader_sort()
    place = reader_place(who.system.places)
    found = listing.entries(who.system, who.seed)
    chosen = [entry for entry in found if entry.public_id in asked]
    rows = listing.cards(who.system, chosen[: listing.AT_MOST_COMPARED], place)
    page = render_template(
        "choice/side_by_side.html",
        rows=rows,
        too_many=len(chosen) > listing.AT_MOST_COMPARED,
        groups=[(group, in_group(group)) for group in GROUPS],
        slots=SLOTS,
        shown_slots={photo.slot for row in rows for photo in row.photos},
        place=place,
        quality=profile_quality.told_of(who.system.id, rows),
        **who.around(),
    )
    return _remembered(page, who)


@bp.get("/verksamheter/utskrift")
@public
def print_all() -> ResponseReturnValue:
    who = reader()
    if who is None:
        return render_template(NOTHING)
    found = listing.entries(who.system, who.seed)
    return render_template(
        "choice/print.html", rows=listing.cards(who.system, found), **who.around()
    )


@bp.get("/verksamheter/<public_id>")
@public
def unit(public_id: str) -> ResponseReturnValue:
    who = reader()
    if who is None:
        raise NoResultFound
    reader_sort()
    place = reader_place(who.system.places)
    found = listing.entries(who.system, who.seed)
    chosen = [entry for entry in found if entry.public_id == public_id]
    if not chosen:
        raise NoResultFound
    row = listing.cards(who.system, chosen, place)[0]
    return render_template(
        "choice/unit.html",
        row=row,
        groups=[(group, in_group(group)) for group in GROUPS],
        place=place,
        queue=queries.queue_of(row.id),
        quality=profile_quality.told_of(who.system.id, [row])[row.id],
        freshness=_freshness(who, row),
        today=today(),
        **who.around(),
    )


def _freshness(who: Reader, row: listing.Card) -> profile_freshness.Freshness | None:
    shown = row.entry.presentation
    confirmed = profile_freshness.confirmations([shown.profile_id])
    days = [shown.checked_on, confirmed.get(shown.profile_id)]
    last = max((day for day in days if day), default=None)
    if last is None:
        return None
    return profile_freshness.freshness(last, rule(who.system.id, "profile", today()))


@bp.post("/verksamheter/spara")
@csrf.exempt  # changes nothing but the reader's own cookie
@public
def save_unit() -> ResponseReturnValue:
    preferences.require_same_site()
    kept, keep = preferences.chosen(), request.form.get("keep") == "1"
    for unit_id in request.form.getlist("unit")[: preferences.SAVED_AT_MOST]:
        kept = preferences.with_saved(kept, unit_id[:20], keep=keep)
    seed = kept.seed or reader_seed(None)
    target = own_path(request.form.get("next", ""), url_for("choice.compare"))
    return preferences.remember(redirect(target), replace(kept, seed=seed))


@bp.get("/sa-fungerar-valet")
@public
def how() -> ResponseReturnValue:
    who = reader()
    system = who.system if who else None
    settings = rule(system.id, "choice", today()) if system else {}
    return render_template("choice/how.html", system=system, settings=settings)


def _page(shown: list[listing.Entry]) -> listing.PageOf:
    count = listing.page_count(shown)
    number = min(max(request.args.get("sida", 1, type=int), 1), count)
    kept = {"s": g.get("comparison_seed", []), **request.args.to_dict(flat=False)}
    kept.pop("sida", None)
    query = urlencode(kept, doseq=True)
    addresses = [f"{request.path}?{query}&sida={each}" for each in range(1, count + 1)]
    return listing.PageOf(number, count, addresses)


def _remembered(page: str, who: Reader) -> ResponseReturnValue:
    """Set the one cookie when the reader has made an active choice."""
    response = make_response(page)
    wishes = preferences.chosen()
    if who.person is None and not wishes.seed and {"ordning", "e"} & set(request.args):
        preferences.remember(response, replace(wishes, seed=who.seed))
    return response
