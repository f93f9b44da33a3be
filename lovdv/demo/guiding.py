"""The demo's guides: a visit that is booked, a substitute, and what each declares."""

import io
from dataclasses import dataclass
from datetime import timedelta

from PIL import Image, ImageDraw
from sqlalchemy import select

from lovdv.access import Actor
from lovdv.accounts.models import User
from lovdv.choice import signed_papers, supporting
from lovdv.choice.models import Invitation
from lovdv.choice.scans import scan_of
from lovdv.clock import now, today
from lovdv.demo.doing import Doing
from lovdv.demo.people import Rooted
from lovdv.demo.queued import FULL_UNIT
from lovdv.demo.size import weekday_after
from lovdv.extensions import db
from lovdv.guides import operations

GUIDE, OTHER_GUIDE = "lots", "lots2"
VISITED, TIED_TO = "Gröna gruppen", "Vågen"


@dataclass(frozen=True)
class Guiding:
    """What guides do, by the pages' own operations."""

    doing: Doing

    def book(self, one: Rooted, actor: Actor) -> None:
        """A visit some days ahead of the demo's day, when units are open."""
        invitation = db.session.scalars(
            select(Invitation).where(
                Invitation.client_id == one.client_id, Invitation.closed_on.is_(None)
            )
        ).one()
        supporting.log_attempt(
            invitation=invitation,
            by=actor.user_id,
            at=now(),
            way="phone",
            result="booked",
            purpose="visit",
            visit_day=weekday_after(self.doing.day(-4)),
            unit=self.doing.unit(VISITED),
        )

    def choose_on_paper(self, one: Rooted, actor: Actor) -> None:
        """A choice that was signed on paper, which is read in."""
        made = self.doing.choose(one, actor, FULL_UNIT, on_paper=True)
        paper = signed_papers.keep(
            client=made.client, scan=scan_of(_signed(), 9), by=actor.user_id
        )
        signed_papers.attach(
            made,
            paper=paper.public_id,
            reason="",
            wanted=signed_papers.asked(made.choice_system_id),
            by=actor.user_id,
        )

    def declare(self, _one: Rooted, actor: Actor) -> None:
        operations.declare(user_id=actor.user_id, municipality_id=actor.municipality_id)

    def tie(self, _one: Rooted, actor: Actor) -> None:
        operations.declare_conflict(
            user_id=actor.user_id,
            municipality_id=actor.municipality_id,
            provider=None,
            unit=self.doing.unit(TIED_TO),
            reason="Min bror arbetar där.",
            first_day=today(),
        )

    def stand_in(self, _one: Rooted, actor: Actor) -> None:
        """The other guide does the work for a week, some weeks from now."""
        guide, other = (
            db.session.scalars(select(User).where(User.login == login)).one()
            for login in (GUIDE, OTHER_GUIDE)
        )
        first_day = self.doing.day(-14)
        operations.name_substitute(
            guide=guide,
            substitute=other,
            municipality_id=actor.municipality_id,
            first_day=first_day,
            end_day=first_day + timedelta(days=7),
            by_id=actor.user_id,
        )


def _signed() -> bytes:
    """A photo of a paper with some lines, a cross and a name."""
    page = Image.new("RGB", (800, 1130), "white")
    pen = ImageDraw.Draw(page)
    for line in range(120, 700, 60):
        pen.line((90, line, 700, line), fill="gray", width=2)
    pen.line((100, 730, 130, 760), fill="black", width=5)
    pen.line((130, 730, 100, 760), fill="black", width=5)
    pen.arc((200, 850, 420, 960), 180, 20, fill="navy", width=4)
    out = io.BytesIO()
    page.save(out, "JPEG")
    return out.getvalue()
