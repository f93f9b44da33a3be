"""When nobody has chosen: the outcomes that place nobody, and icke-val."""

from collections.abc import Mapping

from lovdv.choice import invitations
from lovdv.choice.made_by import MadeBy
from lovdv.choice.models import Choice, Invitation
from lovdv.choice.operations import ALREADY, Told, keep, new_choice
from lovdv.choice.regrets import to_undo
from lovdv.choice.supporting import lock, take_back
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import day as day_text
from lovdv.formats import last_day
from lovdv.people.models import Decision
from lovdv.providers.models import Unit
from lovdv.providers.queries import Offered, offered_unit
from lovdv.systems.queries import rule

OUTCOMES = {
    "does_not_want": "Vill inte börja",
    "wants_to_wait": "Vill vänta",
    "not_reached": "Nås inte",
    "cannot_express": "Kan inte uttrycka sitt val och saknar företrädare",
}


def end_without_place(
    *, invitation: Invitation, outcome: str, note: str, by: int
) -> Choice:
    """The outcomes that place nobody. They are not icke-val."""
    lock(invitation.decision)
    _require_open(invitation)
    if outcome not in OUTCOMES:
        raise Refused("Välj vad som har hänt.", "outcome")
    if not note:
        raise Refused("Skriv kort vad som har hänt och hur du vet det.", "note")
    if outcome == "not_reached" and not _tried(invitation):
        raise Refused(
            "Ingen har försökt nå personen än. Logga försöken först.", "outcome"
        )
    if outcome == "not_reached":
        _refuse_when_chosen(invitation, "outcome")
    if outcome == "cannot_express":
        _refuse_when_represented(invitation)
    told = Told(channel="caseworker", shown={}, support=note, registered_by=by)
    new = new_choice(invitation.client, invitation.decision, invitation, MadeBy(), told)
    new.kind = outcome
    return keep(new, invitation, queue_for=None)


def _require_open(invitation: Invitation) -> None:
    db.session.refresh(invitation, ["closed_on"])
    if invitation.closed_on is not None:
        raise Refused(ALREADY)


def _tried(invitation: Invitation) -> bool:
    return any(attempt.purpose == "inform" for attempt in invitation.attempts)


def _refuse_when_represented(invitation: Invitation) -> None:
    if invitations.covering_mandates(invitation.client_id, today()):
        raise Refused(
            "Personen har en företrädare, som får välja tillsammans med personen. "
            "Ta kontakt innan du går vidare.",
            "outcome",
        )


def _refuse_when_chosen(invitation: Invitation, field: str | None = None) -> None:
    kept = invitations.kept_choice(invitation)
    if kept is not None and kept.unit is not None:
        done = "ordnad av kommunen" if kept.kind == "no_choice" else "vald"
        raise Refused(
            f"{kept.unit.name} är redan {done}, och platsen är på väg. Beställ den, "
            "eller skriv in ett nytt val om personen har ändrat sig.",
            field,
        )


def place_without_choice(
    *, invitation: Invitation, unit: Unit, reasons: Mapping[str, str], by: int
) -> Choice:
    """Icke-val: a named person picks the unit of the default provider, with reasons."""
    lock(invitation.decision)
    _require_open(invitation)
    _check_no_choice(invitation, unit, reasons)
    told = Told(channel="caseworker", shown={}, registered_by=by)
    new = new_choice(invitation.client, invitation.decision, invitation, MadeBy(), told)
    new.kind, new.unit_id, new.made_by = "no_choice", unit.id, "nobody"
    new.reasons = {name: text for name, text in reasons.items() if text}
    return keep(new, invitation, queue_for=unit)


def keep_as_it_is(*, invitation: Invitation, by: int) -> None:
    """No answer in time from somebody who has a place or a choice that waits.

    A choice stands as it was made. Who has a place stays, and is counted apart.
    """
    lock(invitation.decision)
    _require_open(invitation)
    _require_late(invitation)
    if invitations.kept_choice(invitation) is not None:
        take_back(invitation)
        return
    if not invitations.keeps_place(invitation):
        raise Refused("Personen har ingen plats att vara kvar på. Ordna en plats.")
    told = Told(channel="caseworker", shown={}, registered_by=by)
    new = new_choice(invitation.client, invitation.decision, invitation, MadeBy(), told)
    new.kind, new.made_by = "silent", "nobody"
    keep(new, invitation, queue_for=None)


def only_default(decision: Decision) -> bool:
    """Whether those who do not choose are for the default provider alone."""
    return _settings(decision)["no_choice"] == "default_provider"


def _settings(decision: Decision) -> Mapping[str, object]:
    return rule(decision.choice_system_id, "choice", today())


def _require_late(invitation: Invitation) -> None:
    if invitation.answer_by >= today():
        raise Refused(
            f"Personen har till och med {day_text(invitation.answer_by)} på sig att "
            "välja. Vänta tills dess."
        )


def _check_no_choice(
    invitation: Invitation, unit: Unit, reasons: Mapping[str, str]
) -> None:
    _require_late(invitation)
    _refuse_when_chosen(invitation)
    if invitations.keeps_place(invitation):
        raise Refused(
            "Personen har en plats och behåller den. Icke-val är bara för den som "
            "saknar plats."
        )
    if to_undo(invitation.client_id):
        raise Refused(
            "Personen har ångrat valet av en plats som finns kvar. Ring enheten och "
            "annullera platsen först."
        )
    if not _tried(invitation):
        raise Refused(
            "Ingen har försökt informera eller stödja personen. Logga försöken först."
        )
    if not any(reasons.values()):
        raise Refused("Skriv varför verksamheten passar, i minst en ruta.", "interest")
    found = offered_unit(invitation.decision.choice_system_id, unit.public_id, today())
    elsewhere = not only_default(invitation.decision)
    if elsewhere and not _settings(invitation.decision)["risk_confirmed"]:
        raise Refused(
            "Regeln för den som inte väljer är inte bekräftad av systemledaren. "
            "Be systemledaren bekräfta den rättsliga risken först."
        )
    if found is None or not (found.contract.is_default or elsewhere):
        raise Refused(
            "Den som inte väljer får plats hos kommunens egen regi. "
            "Välj en av de verksamheterna.",
            "unit",
        )
    _require_lasting(found)


def _require_lasting(found: Offered) -> None:
    """Nobody is given a place that cannot be ordered, or that ends with the unit."""
    if found.leaving:
        raise Refused(f"{ends(found)} Välj en annan verksamhet.", "unit")
    if not found.open:
        raise Refused(
            f"{found.unit.name} tar inte emot nya val, så platsen går inte att "
            "beställa. Välj en annan verksamhet.",
            "unit",
        )


def ends(found: Offered) -> str:
    """What is said of a unit that is leaving."""
    last = f" och sista dagen är {last_day(found.end_day)}" if found.end_day else ""
    return f"{found.unit.name} ska sluta{last}. En plats där blir inte kvar."
