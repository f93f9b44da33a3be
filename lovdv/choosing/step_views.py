"""Requests in, pages out: one question at a time, up to the choice."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice import invitations, listing, supporting
from lovdv.choice.overview import Entry
from lovdv.choice.speaking import decision_of, is_me, who
from lovdv.choosing import operations, queries
from lovdv.choosing.blueprint import bp
from lovdv.choosing.models import StepAnswers
from lovdv.choosing.queries import Looked
from lovdv.choosing.steps import (
    BY_SLUG,
    FAVOURITES,
    FIRST,
    LAST,
    STEPS,
    Step,
    beside,
    number,
)
from lovdv.extensions import db
from lovdv.people.models import Client, Decision
from lovdv.people.scope import own_person
from lovdv.visits import settings as visits

MARK_ONE = "Välj en av dem. Eller tryck på ”Jag vet inte”."


@bp.get("/mitt-val/<person>/steg")
@requires(Permission.CHOICE_OWN)
def resume(person: str) -> ResponseReturnValue:
    """To the question where the person was."""
    client = own_person(actor(), person)
    answers = queries.answers_of(client.id)
    step = answers.step if answers and answers.step in BY_SLUG else FIRST
    return redirect(url_for(".step", person=person, step=step))


@bp.route("/mitt-val/<person>/steg/<step>", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def step(person: str, step: str) -> ResponseReturnValue:
    client, asked = own_person(actor(), person), _step(step)
    decision = decision_of(client)
    if request.method == "POST":
        invitations.require_may_choose(actor(), client)
        kept = operations.keep(
            client=client, decision=decision, step=step, told=_told(client, asked)
        )
        if asked.slug == FAVOURITES:
            _keep_favourites(client, decision, kept)
        where = _where(client, decision, asked, kept)
        db.session.commit()
        if where:
            return redirect(where)
    audit.read("choice.step", about=[client.id])
    answers = queries.answers_of(client.id)
    looked = queries.look(client, decision, answers)
    return render_template(
        "choosing/step.html",
        **_around(client, asked),
        answers=answers,
        looked=looked,
        fault=MARK_ONE if request.method == "POST" else "",
        try_out=visits.try_out_offered(decision.choice_system_id),
        **(_listed(asked, looked) if looked else {"rows": []}),
    )


@bp.get("/mitt-val/<person>/steg/<step>/vet-inte")
@requires(Permission.CHOICE_OWN)
def unsure(person: str, step: str) -> ResponseReturnValue:
    """Not to know is fine: where one can go from here."""
    client, asked = own_person(actor(), person), _step(step)
    audit.read("choice.step", about=[client.id])
    return render_template("choosing/unsure.html", **_around(client, asked))


@bp.route("/mitt-val/<person>/steg/<step>/hjalp", methods=["GET", "POST"])
@requires(Permission.CHOICE_OWN)
def helped(person: str, step: str) -> ResponseReturnValue:
    """Who helps, and what happens now."""
    client, asked = own_person(actor(), person), _step(step)
    if request.method == "POST":
        invitations.require_may_ask(actor(), client)
        supporting.ask_for_help(client=client, decision=decision_of(client))
        db.session.commit()
        return redirect(url_for(".helped", person=person, step=step))
    audit.read("choice.step", about=[client.id])
    return render_template(
        "choosing/helped.html",
        **_around(client, asked),
        invitation=invitations.open_invitation(client.id),
    )


def _around(client: Client, asked: Step) -> dict[str, object]:
    """What every page on the way is given."""
    return {
        "client": client,
        "step": asked,
        "number": number(asked),
        "count": len(STEPS),
        "back": beside(asked, -1),
        "next": beside(asked, 1),
        "myself": is_me(client),
        "who": who(client),
        "may_choose": invitations.may_choose(actor(), client),
    }


def _step(slug: str) -> Step:
    if slug not in BY_SLUG:
        raise NotFound
    return BY_SLUG[slug]


def _told(client: Client, asked: Step) -> dict[str, Any]:
    """What was answered on the page, as it is kept."""
    if asked.keys:
        return {"ticked": asked.ticked(request.form.getlist("svar"))}
    if asked.slug == "plats":
        looked = queries.look(client, decision_of(client), None)
        sent = request.form.get("svar", "")
        return {"area": sent if looked and sent in looked.all.areas else ""}
    if asked.slug == "prova":
        answer = request.form.get("svar", "")
        return {"visit": answer if answer in ("visit", "try_out", "no") else ""}
    if asked.slug == LAST:
        marked = _marked(client)
        return {"unit_id": marked.id} if marked else {}
    return {}


def _keep_favourites(client: Client, decision: Decision, kept: StepAnswers) -> None:
    looked = queries.look(client, decision, kept)
    if looked is None:
        return
    shown = set(request.form.getlist("visad"))
    operations.keep_favourites(
        client=client,
        shown=[each for each in looked.all.entries if each.public_id in shown],
        chosen=set(request.form.getlist("svar")),
    )


def _marked(client: Client) -> Entry | None:
    """The unit that was marked last, while it can still be chosen."""
    looked = queries.look(client, decision_of(client), None)
    sent = request.form.get("svar", "")
    entries = looked.all.entries if looked else ()
    return next((each for each in entries if each.public_id == sent), None)


def _where(client: Client, decision: Decision, asked: Step, kept: StepAnswers) -> str:
    """Where the button leads; '' when the page must be shown again."""
    person, go = client.public_id, request.form.get("go", "next")
    if go == "later":
        return url_for("choice.own_person", public_id=person)
    if go == "help":
        supporting.ask_for_help(client=client, decision=decision)
        return url_for(".helped", person=person, step=asked.slug)
    if go == "unsure":
        return url_for(".unsure", person=person, step=asked.slug)
    if go in ("all", "fitting"):
        shown = "1" if go == "all" else None
        return url_for(".step", person=person, step=asked.slug, alla=shown)
    if go == "back":
        kept.step = beside(asked, -1) or asked.slug
        return url_for(".step", person=person, step=kept.step)
    if go.startswith("page-"):
        page, everyone = go.removeprefix("page-"), request.args.get("alla")
        return url_for(
            ".step", person=person, step=asked.slug, sida=page, alla=everyone
        )
    return _forward(client, asked, kept)


def _forward(client: Client, asked: Step, kept: StepAnswers) -> str:
    person = client.public_id
    if asked.slug == LAST:
        marked = _marked(client)
        if marked is None:
            return ""
        return url_for(
            "choice.choose", public_id=person, unit_id=marked.public_id, steg=1
        )
    kept.step = beside(asked, 1)
    if asked.slug == "prova" and kept.visit in ("visit", "try_out"):
        return url_for("visits.where", person=person, sort=kept.visit)
    return url_for(".step", person=person, step=kept.step)


def _listed(asked: Step, looked: Looked) -> dict[str, Any]:
    """The cards of a page that shows units, and which page of how many."""
    if asked.slug == LAST:
        return {"rows": listing.cards(looked.offer, looked.kept)}
    if asked.slug != FAVOURITES:
        return {"rows": []}
    everyone = request.args.get("alla") == "1"
    found = (looked.all if everyone else looked.fitting).entries
    asked_page = request.args.get("sida", "1")
    page = int(asked_page) if asked_page.isascii() and asked_page.isdigit() else 1
    last = listing.page_count(found)
    page = min(max(page, 1), last)
    return {
        "rows": listing.cards(looked.offer, listing.on_page(found, page)),
        "everyone": everyone,
        "page": page,
        "pages": last,
    }
