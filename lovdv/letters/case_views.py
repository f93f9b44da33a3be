"""Requests in, pages out: the caseworker's letters about choosing, and reminders."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from lovdv import audit
from lovdv.access import Permission, actor, requires
from lovdv.choice.models import Invitation
from lovdv.clock import today
from lovdv.downloads import attached
from lovdv.extensions import db
from lovdv.letters import fitting, operations, paper, queries
from lovdv.letters.blueprint import bp
from lovdv.letters.forms import LetterForm, WayForm
from lovdv.letters.models import Letter
from lovdv.letters.words import KINDS, WAYS
from lovdv.needs import pdf
from lovdv.people.scope import person
from lovdv.systems.queries import rule

PILES = ("reminders", "arranged", "unwritten")


@bp.get("/val/brev")
@requires(Permission.CHOICE_PLACE)
def index() -> ResponseReturnValue:
    found = queries.piles(actor())
    audit.read("letter.list", about=[each.client.id for each in found.everyone])
    hidden = found.protected
    return render_template(
        "letters/index.html",
        piles=found,
        kinds=KINDS,
        for_protected=_for_protected(hidden[0].invitation) if hidden else "",
    )


@bp.post("/val/brev/<pile>")
@requires(Permission.CHOICE_PLACE)
def make_pile(pile: str) -> ResponseReturnValue:
    """Everyone's letters at once; a reminder counts as sent when it is made."""
    if pile not in PILES:
        raise NotFound
    asked = queries.piles(actor()).pile(pile)
    made = operations.make_all(asked=asked, by_id=actor().user_id)
    if not made:
        flash("Breven är redan gjorda. Inget nytt brev behövs.", "info")
        return redirect(url_for(".index"))
    if pile == "reminders":
        for each in made:
            operations.mark_sent(letter=each, by_id=actor().user_id)
    db.session.commit()
    flash(f"{len(made)} brev är gjorda. Skriv ut dem.", "success")
    return redirect(url_for(".batch", name=made[0].batch))


@bp.get("/brev/omgang/<name>")
@requires(Permission.CHOICE_READ)
def batch(name: str) -> ResponseReturnValue:
    letters = _batch(name)
    audit.read("letter.list", about=[each.client_id for each in letters])
    return render_template(
        "letters/batch.html", letters=letters, name=name, kinds=KINDS, ways=WAYS
    )


@bp.get("/brev/omgang/<name>.pdf")
@requires(Permission.CHOICE_READ)
def batch_file(name: str) -> ResponseReturnValue:
    letters = _batch(name)
    audit.read("letter.file", about=[each.client_id for each in letters])
    return attached(
        paper.as_pdf([paper.Sheet(each) for each in letters]), "brev.pdf", pdf.MIME
    )


@bp.post("/brev/omgang/<name>/skickat")
@requires(Permission.CHOICE_PLACE)
def batch_sent(name: str) -> ResponseReturnValue:
    left = [each for each in _batch(name) if each.sent is None]
    for each in sorted(left, key=lambda one: one.client_id):
        operations.mark_sent(letter=each, by_id=actor().user_id)
    db.session.commit()
    flash(f"{len(left)} brev är markerade som skickade.", "success")
    return redirect(url_for(".batch", name=name))


def _batch(name: str) -> Sequence[Letter]:
    found = queries.batch(actor(), name)
    if not found:
        raise NotFound
    return found


@bp.route("/val/<public_id>/brev", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def letters(public_id: str) -> ResponseReturnValue:
    """The letters about one person's choice, and another one to make."""
    invitation = queries.invitation_of(actor(), public_id)
    form = LetterForm()
    if form.validate_on_submit():
        with form.attempt():
            what = queries.to_write(invitation, form.kind.data)
            new = operations.make(what=what, by_id=actor().user_id)
            db.session.commit()
            flash("Brevet är gjort. Skriv ut det.", "success")
            return redirect(url_for(".letter", public_id=new.public_id))
    audit.read("letter.list", about=[invitation.client_id])
    true = fitting.kinds(invitation)
    form.offer(true)
    return render_template(
        "letters/letters.html",
        form=form,
        invitation=invitation,
        letters=queries.letters_of(invitation.id),
        why_none="" if true else fitting.why_none(invitation),
        kinds=KINDS,
        ways=WAYS,
        way=WAYS[queries.way_of(invitation.client_id)],
        for_protected=_for_protected(invitation),
    )


def _for_protected(invitation: Invitation) -> str:
    """How it is sent when the identity is protected; '' when it is not."""
    if not invitation.client.protected:
        return ""
    system = invitation.decision.choice_system_id
    return str(rule(system, "letter", today())["protected"])


@bp.get("/brev/<public_id>")
@requires(Permission.CHOICE_READ)
def letter(public_id: str) -> ResponseReturnValue:
    found = queries.letter(actor(), public_id)
    audit.read("letter.read", about=[found.client_id])
    return render_template(
        "letters/letter.html",
        letter=found,
        sheet=paper.Sheet(found),
        kinds=KINDS,
        ways=WAYS,
        for_protected=_for_protected(found.invitation),
    )


@bp.get("/brev/<public_id>.pdf")
@requires(Permission.CHOICE_READ)
def letter_file(public_id: str) -> ResponseReturnValue:
    found = queries.letter(actor(), public_id)
    audit.read("letter.file", about=[found.client_id])
    return attached(paper.as_pdf([paper.Sheet(found)]), "brev.pdf", pdf.MIME)


@bp.post("/brev/<public_id>/skickat")
@requires(Permission.CHOICE_PLACE)
def sent(public_id: str) -> ResponseReturnValue:
    found = queries.letter(actor(), public_id)
    operations.mark_sent(letter=found, by_id=actor().user_id)
    db.session.commit()
    flash("Brevet är skickat, och loggat som ett försök att informera.", "success")
    return redirect(url_for(".letter", public_id=public_id))


@bp.route("/val/person/<public_id>/lasa", methods=["GET", "POST"])
@requires(Permission.CHOICE_PLACE)
def way(public_id: str) -> ResponseReturnValue:
    """How the person wants letters."""
    client = person(actor(), public_id)
    form = WayForm()
    if request.method == "GET":
        form.way.data = queries.way_of(client.id)
    if form.validate_on_submit():
        with form.attempt():
            operations.set_way(client=client, way=form.way.data, by_id=actor().user_id)
            db.session.commit()
            flash("Sparat. Nästa brev blir så.", "success")
            return redirect(url_for("choice.history", public_id=public_id))
    audit.read("choice.person", about=[client.id])
    return render_template("letters/way.html", form=form, client=client)
