"""The people around the person: representatives and supporters."""

from collections.abc import Collection
from datetime import date

from lovdv import audit
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.formats import last_day
from lovdv.people.models import Client, Mandate, Supporter
from lovdv.people.three_months import months_after

GROWN_UP = 18 * 12


def add_mandate(
    *,
    client: Client,
    name: str,
    kind: str,
    scope: Collection[str],
    first_day: date,
    end_day: date | None,
    evidence: str,
    checked_by_id: int,
    checked_on: date,
    next_check_on: date | None,
    phone: str = "",
    user_id: int | None = None,
) -> Mandate:
    """A representative, with what the mandate covers and the paper that shows it."""
    if not scope:
        raise Refused("Kryssa i minst en del som uppdraget omfattar.", "scope")
    if kind == "guardian" and _is_grown_up(client, checked_on):
        raise Refused(
            "Personen är myndig och har ingen vårdnadshavare. En förälder till en "
            "vuxen kan vara stödperson, men får inte välja åt personen.",
            "kind",
        )
    new = Mandate(
        client_id=client.id,
        user_id=user_id,
        name=name,
        phone=phone,
        kind=kind,
        scope=sorted(scope),
        first_day=first_day,
        end_day=end_day,
        evidence=evidence,
        checked_by_id=checked_by_id,
        checked_on=checked_on,
        next_check_on=next_check_on,
    )
    db.session.add(new)
    db.session.flush()
    audit.change(
        "mandate.add",
        about=[client.id],
        object=new.public_id,
        after={"kind": kind, "scope": sorted(scope), "from": first_day, "to": end_day},
    )
    return new


def _is_grown_up(client: Client, on: date) -> bool:
    born = client.birth_date
    return born is not None and months_after(born, GROWN_UP) <= on


def check_mandate(
    *,
    mandate: Mandate,
    evidence: str,
    checked_by_id: int,
    checked_on: date,
    next_check_on: date | None,
) -> None:
    """The mandate still holds, by a new look at the paper."""
    before = {"checked_on": mandate.checked_on, "evidence": mandate.evidence}
    mandate.evidence, mandate.checked_by_id = evidence, checked_by_id
    mandate.checked_on, mandate.next_check_on = checked_on, next_check_on
    audit.change(
        "mandate.check",
        about=[mandate.client_id],
        object=mandate.public_id,
        before=before,
        after={"checked_on": checked_on, "evidence": evidence},
    )


def end_mandate(*, mandate: Mandate, end_day: date) -> None:
    if end_day < mandate.first_day:
        raise Refused("Uppdraget kan inte sluta före sin första dag.", "last_day")
    if mandate.end_day is not None and mandate.end_day < end_day:
        raise Refused(
            f"Uppdraget slutar redan {last_day(mandate.end_day)}. Ett längre uppdrag "
            "läggs till som en ny företrädare, med papperet som visar det.",
            "last_day",
        )
    audit.change(
        "mandate.end",
        about=[mandate.client_id],
        object=mandate.public_id,
        before={"to": mandate.end_day},
        after={"to": end_day},
    )
    mandate.end_day = end_day


def add_supporter(
    *,
    client: Client,
    name: str,
    relation: str,
    phone: str,
    consented_on: date,
    end_day: date | None,
) -> Supporter:
    """Somebody who helps, with the person's own consent and no authority."""
    new = Supporter(
        client_id=client.id,
        name=name,
        relation=relation,
        phone=phone,
        consented_on=consented_on,
        end_day=end_day,
    )
    db.session.add(new)
    db.session.flush()
    audit.change("supporter.add", about=[client.id], object=new.public_id)
    return new


def end_supporter(*, supporter: Supporter, end_day: date) -> None:
    """The consent is taken back, or the help is over."""
    if supporter.end_day is not None and supporter.end_day < end_day:
        raise Refused(
            f"Stödpersonen har redan slutat, {last_day(supporter.end_day)}. Lägg till "
            "personen på nytt om den hjälper till igen."
        )
    audit.change(
        "supporter.end",
        about=[supporter.client_id],
        object=supporter.public_id,
        after={"to": end_day},
    )
    supporter.end_day = end_day
