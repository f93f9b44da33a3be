"""Who made a choice or gave an answer, and whether they may."""

from dataclasses import dataclass

from lovdv.choice import invitations
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.people.models import Client, Mandate

# Those whose consent the law asks for when the person can give it.
NEED_CONSENT = frozenset({"god_man", "forvaltare", "framtidsfullmakt", "ombud"})


@dataclass(frozen=True)
class MadeBy:
    """Who chose: the person, or a representative with the person's own will told."""

    who: str = "person"
    mandate: Mandate | None = None
    own_will: str = ""
    own_will_note: str = ""


def check_made_by(client: Client, made_by: MadeBy) -> None:
    if made_by.who == "person":
        return
    mandate = made_by.mandate
    if mandate is None:
        raise Refused(
            "Välj företrädarens uppdrag. En anhörig eller stödperson utan uppdrag kan "
            "hjälpa till, men inte välja.",
            "mandate",
        )
    if mandate not in invitations.covering_mandates(client.id, today()):
        raise Refused(
            "Uppdraget gäller inte i dag eller omfattar inte att sörja för person. "
            "Be om ett nytt registerutdrag, eller låt personen själv välja.",
            "mandate",
        )
    if not made_by.own_will:
        raise Refused("Skriv vad personen själv vill.", "own_will")
    if made_by.own_will == "does_not_agree" and mandate.kind in NEED_CONSENT:
        raise Refused(
            "Personen håller inte med. Då kan företrädaren inte svara så. "
            "Hjälp personen att svara det som personen vill, eller att vänta.",
            "own_will",
        )
    if made_by.own_will == "unknown" and not made_by.own_will_note:
        raise Refused(
            "Skriv hur ni försökte ta reda på vad personen vill.", "own_will_note"
        )
