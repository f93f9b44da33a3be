"""How each control is set: tuned, only listing, or off until a day. Never silently."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from sqlalchemy import func, select

from lovdv import audit
from lovdv.accounts.models import User
from lovdv.clock import now, today
from lovdv.controls.models import ControlSetting, RunControl
from lovdv.controls.words import EFFECTS
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import number
from lovdv.payouts.models import PaymentRun
from payments.control_catalogue import CONTROLS, OFF, Control
from payments.sampling import Z_VALUES

LONGEST_OFF = 366
"""Days: what is off longer than a year is no longer looked at by anybody."""

NOTHING: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Setting:
    """How a control works, and the decision that says so; without one, as it ships."""

    control: Control
    effect: str
    knobs: Mapping[str, int]
    row: ControlSetting | None = None

    @property
    def key(self) -> str:
        return self.control.key

    @property
    def is_off(self) -> bool:
        return self.effect == OFF

    @property
    def told(self) -> str:
        """What it does, with its numbers, in words."""
        numbers = [
            f"{knob.label}: {number(self.knobs.get(knob.name, knob.default))}"
            for knob in self.control.knobs
        ]
        return ". ".join([EFFECTS[self.effect], *numbers])

    @property
    def is_as_shipped(self) -> bool:
        return self.effect == self.control.effect and self.knobs == {
            **self.control.defaults
        }

    @property
    def works(self) -> tuple[str, tuple[tuple[str, int], ...]]:
        """What decides what it finds and asks."""
        return self.effect, tuple(sorted(self.knobs.items()))


Settings = Mapping[str, Setting]


def _setting(control: Control, row: ControlSetting | None) -> Setting:
    if row is None:
        return Setting(control, control.effect, control.defaults)
    return Setting(control, row.effect, {**control.defaults, **row.knobs}, row)


def in_force(
    choice_system_id: int, on: date, known: datetime | None = None
) -> Settings:
    """Every control as it is set on a day, as known at a moment."""
    latest: dict[str, ControlSetting] = {}
    for row in _rows(choice_system_id, known):
        if row.first_day <= on and (row.off_end_day is None or on < row.off_end_day):
            latest[row.control] = row
    return {
        key: _setting(control, latest.get(key)) for key, control in CONTROLS.items()
    }


def _rows(
    choice_system_id: int, known: datetime | None = None
) -> Sequence[ControlSetting]:
    query = select(ControlSetting).where(
        ControlSetting.choice_system_id == choice_system_id
    )
    if known is not None:
        query = query.where(ControlSetting.decided_at <= known)
    return db.session.scalars(
        query.order_by(ControlSetting.first_day, ControlSetting.revision)
    ).all()


def keep(run: PaymentRun, settings: Settings, seed: str) -> None:
    """The run says how it was controlled, whatever is decided later."""
    db.session.add_all(
        RunControl(
            run_id=run.id,
            control=one.key,
            effect=one.effect,
            knobs=dict(one.knobs),
            setting_id=one.row.id if one.row else None,
            seed=seed if one.key == "sample" else "",
        )
        for one in settings.values()
    )
    db.session.flush()


def kept(run: PaymentRun) -> Settings:
    """How the run was controlled; an old one that did not say it, as controls ship."""
    rows = db.session.execute(
        select(RunControl, ControlSetting)
        .outerjoin(ControlSetting, ControlSetting.id == RunControl.setting_id)
        .where(RunControl.run_id == run.id)
    )
    told = {
        used.control: Setting(CONTROLS[used.control], used.effect, used.knobs, row)
        for used, row in rows
        if used.control in CONTROLS
    }
    return {key: told.get(key) or _setting(one, None) for key, one in CONTROLS.items()}


def seed_of(run: PaymentRun) -> str:
    return (
        db.session.scalars(
            select(RunControl.seed).where(
                RunControl.run_id == run.id, RunControl.control == "sample"
            )
        ).one_or_none()
        or ""
    )


@dataclass(frozen=True)
class SwitchedOff:
    """A control that does not look, for all who rely on it to read."""

    title: str
    last_day: date
    by: str
    reason: str


def switched_off(settings: Settings) -> list[SwitchedOff]:
    off = [one.row for one in settings.values() if one.is_off and one.row]
    names = _names(off)
    return [
        SwitchedOff(
            CONTROLS[row.control].title,
            (row.off_end_day or row.first_day) - timedelta(days=1),
            names.get(row.decided_by_id, "kommandot"),
            row.reason,
        )
        for row in off
    ]


def _names(rows: Sequence[ControlSetting]) -> Mapping[int | None, str]:
    ids = {row.decided_by_id for row in rows if row.decided_by_id}
    if not ids:
        return {}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return {row.id: row.name for row in found}


def history(choice_system_id: int, control: str) -> list[tuple[ControlSetting, str]]:
    """Every decided setting of a control, the latest decision first, with who."""
    rows = [row for row in _rows(choice_system_id) if row.control == control]
    rows.sort(key=lambda row: (row.decided_at, row.id), reverse=True)
    names = _names(rows)
    return [(row, names.get(row.decided_by_id, "")) for row in rows]


def decide(
    *,
    choice_system_id: int,
    control: Control,
    effect: str,
    first_day: date,
    reason: str,
    off_end_day: date | None = None,
    knobs: Mapping[str, int] = NOTHING,
    reference: str = "",
    by_id: int | None = None,
) -> ControlSetting:
    """A new row from a day; what was decided before stands beside it."""
    _check(control, effect, first_day, off_end_day, knobs)
    if not reason:
        raise Refused("Skriv varför, så att det går att förstå sedan.", "reason")
    revision = db.session.scalar(
        select(func.coalesce(func.max(ControlSetting.revision), 0)).where(
            ControlSetting.choice_system_id == choice_system_id,
            ControlSetting.control == control.key,
            ControlSetting.first_day == first_day,
        )
    )
    new = ControlSetting(
        choice_system_id=choice_system_id,
        control=control.key,
        first_day=first_day,
        revision=(revision or 0) + 1,
        effect=effect,
        off_end_day=off_end_day,
        knobs=dict(knobs),
        reason=reason,
        reference=reference,
        decided_at=now(),
        decided_by_id=by_id,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "control.decide",
        object=new.public_id,
        after={"control": control.key, "effect": effect, **knobs},
    )
    return new


def _check(
    control: Control,
    effect: str,
    first_day: date,
    off_end_day: date | None,
    knobs: Mapping[str, int],
) -> None:
    if control.fixed:
        raise Refused("Den här kontrollen går inte att ändra eller stänga av.")
    if first_day < today():
        raise Refused(
            "Räknade körningar kontrolleras inte på nytt. Välj i dag eller "
            "en senare dag.",
            "first_day",
        )
    if (effect == OFF) != (off_end_day is not None):
        raise Refused(
            "En kontroll stängs av till och med en viss dag. Skriv vilken.",
            "off_last_day",
        )
    if off_end_day is not None:
        _check_off(first_day, off_end_day)
    for knob in control.knobs:
        if not knob.least <= knobs.get(knob.name, knob.default) <= knob.most:
            told = f"Skriv ett helt tal mellan {knob.least} och {knob.most}."
            raise Refused(told, knob.name)
    if knobs.get("confidence", 95) not in Z_VALUES:
        raise Refused("Säkerheten är 90, 95 eller 99 procent.", "confidence")


def _check_off(first_day: date, off_end_day: date) -> None:
    if off_end_day <= first_day:
        raise Refused(
            "Den sista dagen ligger före den första. Skriv en senare dag.",
            "off_last_day",
        )
    if (off_end_day - first_day).days > LONGEST_OFF:
        raise Refused(
            "En kontroll är avstängd högst ett år i taget. Skriv en tidigare dag.",
            "off_last_day",
        )
