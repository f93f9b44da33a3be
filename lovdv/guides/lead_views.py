"""Requests in, pages out: the guides, as who leads the system sees them."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.accounts.models import User
from lovdv.clock import today
from lovdv.extensions import db
from lovdv.guides import operations, queries
from lovdv.guides.blueprint import bp
from lovdv.guides.guide_views import name_for


@dataclass(frozen=True)
class Said:
    """A guide, and when they last said whether anything stands in the way."""

    guide: User
    at: datetime | None
    again: date


@bp.get("/lotsar")
@requires(Permission.SYSTEM_WRITE)
def guides() -> ResponseReturnValue:
    place = actor().municipality_id
    found = queries.guides_of(place, today())
    return render_template(
        "guides/guides.html",
        guides=[
            Said(
                each,
                queries.declared_at(each.id, place),
                queries.declare_again_on(each.id, place),
            )
            for each in found
        ],
        conflicts=queries.conflicts(place),
        substitutes=queries.substitutes(place),
        today=today(),
    )


@bp.route("/lotsar/<public_id>/ersattare", methods=["GET", "POST"])
@requires(Permission.SYSTEM_WRITE)
def substitutes(public_id: str) -> ResponseReturnValue:
    """For a guide who has fallen ill, say."""
    guide = queries.guide_in(actor().municipality_id, public_id)
    return name_for(guide, back=url_for(".guides"))


@bp.post("/lotsar/ersattare/<public_id>/ta-bort")
@requires(Permission.SYSTEM_WRITE)
def withdraw_substitute(public_id: str) -> ResponseReturnValue:
    found = queries.substitute_named(actor().municipality_id, public_id)
    operations.withdraw_substitute(named=found, by_id=actor().user_id)
    db.session.commit()
    flash("Ersättaren är borttagen.", "success")
    return redirect(url_for(".guides"))
