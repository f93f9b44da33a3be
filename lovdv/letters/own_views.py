"""Requests in, pages out: the letters that the person has been sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.letters import paper, queries
from lovdv.letters.blueprint import bp
from lovdv.letters.models import Letter
from lovdv.needs import pdf
from lovdv.people.models import Client
from lovdv.people.names import spoken_name
from lovdv.people.scope import own_person


@dataclass(frozen=True)
class Sent:
    """The letters that a person has been sent; `to` when somebody else reads them."""

    letters: Sequence[Letter]
    to: str


@bp.app_context_processor
def around() -> dict[str, object]:
    """For the person's own page: the letters that have been sent."""
    return {"own_letters": _sent}


def _sent(client_id: int) -> Sent:
    client = db.session.get_one(Client, client_id)
    return Sent(queries.own_letters(client_id), _written_to(client))


def _written_to(client: Client) -> str:
    """The person's name, for a representative who reads what says "du" to them."""
    return "" if actor().client_id == client.id else spoken_name(client)


@bp.get("/mitt-val/<person>/brev/<public_id>")
@requires(Permission.CHOICE_OWN)
def own_letter(person: str, public_id: str) -> ResponseReturnValue:
    client = own_person(actor(), person)
    found = queries.own_letter(client.id, public_id)
    audit.read("letter.own", about=[client.id])
    return render_template(
        "letters/own.html",
        client=client,
        letter=found,
        sheet=paper.Sheet(found, to=_written_to(client)),
    )


@bp.get("/mitt-val/<person>/brev/<public_id>.pdf")
@requires(Permission.CHOICE_OWN)
def own_letter_file(person: str, public_id: str) -> ResponseReturnValue:
    """On paper as the reader has chosen to read."""
    client = own_person(actor(), person)
    found = queries.own_letter(client.id, public_id)
    audit.read("letter.own_file", about=[client.id])
    sheet = paper.Sheet(found, paper.own_way(), _written_to(client))
    return attached(paper.as_pdf([sheet]), "brev.pdf", pdf.MIME)
