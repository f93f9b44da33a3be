"""Requests in, pages out: the letters that the person has been sent."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.downloads import attached
from lovdv.letters import paper, queries
from lovdv.letters.blueprint import bp
from lovdv.needs import pdf
from lovdv.people.scope import own_person


@bp.app_context_processor
def around() -> dict[str, object]:
    """For the person's own page: the letters that have been sent."""
    return {"own_letters": queries.own_letters}


@bp.get("/mitt-val/<person>/brev/<public_id>")
@requires(Permission.CHOICE_OWN)
def own_letter(person: str, public_id: str) -> ResponseReturnValue:
    client = own_person(actor(), person)
    found = queries.own_letter(client.id, public_id)
    audit.read("letter.own", about=[client.id])
    return render_template(
        "letters/own.html", client=client, letter=found, sheet=paper.Sheet(found)
    )


@bp.get("/mitt-val/<person>/brev/<public_id>.pdf")
@requires(Permission.CHOICE_OWN)
def own_letter_file(person: str, public_id: str) -> ResponseReturnValue:
    """On paper as the reader has chosen to read."""
    client = own_person(actor(), person)
    found = queries.own_letter(client.id, public_id)
    audit.read("letter.own_file", about=[client.id])
    return attached(paper.as_pdf([found], paper.own_way()), "brev.pdf", pdf.MIME)
