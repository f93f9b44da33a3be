"""Which controls work otherwise in a run than in the one before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from lovdv.controls import settings as control_settings
from lovdv.controls.settings import Setting
from lovdv.extensions import db
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.standing import BOOKED

EFFECTS: Mapping[str, str] = {
    "decides": "kräver beslut",
    "lists": "visas bara",
    "off": "avstängd",
}


@dataclass(frozen=True)
class Tuned:
    """A control that has been set otherwise, and why."""

    title: str
    before: str
    now: str
    reason: str


def tuned_since_last(run: PaymentRun) -> list[Tuned]:
    """Against the last booked run, or against how controls ship before the first."""
    last = db.session.scalars(
        select(PaymentRun)
        .where(
            PaymentRun.choice_system_id == run.choice_system_id,
            PaymentRun.status.in_(BOOKED),
            PaymentRun.month < run.month,
        )
        .order_by(PaymentRun.month.desc())
        .limit(1)
    ).first()
    now = control_settings.kept(run)
    then = control_settings.kept(last) if last else {}
    return [
        _tuned(one, then.get(key)) for key, one in now.items() if _differs(one, then)
    ]


def _differs(one: Setting, then: Mapping[str, Setting]) -> bool:
    if one.key in then:
        return then[one.key].works != one.works
    return one.works != _shipped(one).works


def _shipped(one: Setting) -> Setting:
    return Setting(one.control, one.control.effect, one.control.defaults)


def _tuned(one: Setting, before: Setting | None) -> Tuned:
    reason = one.row.reason if one.row else "Som den var från början"
    return Tuned(
        one.control.title, _words(before or _shipped(one)), _words(one), reason
    )


def _words(one: Setting) -> str:
    knobs = [f"{knob.label} {one.knobs[knob.name]}" for knob in one.control.knobs]
    return ", ".join([EFFECTS[one.effect], *knobs])
