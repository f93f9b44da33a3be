"""Which letters are true for somebody now, and what to say of those that are not."""

from lovdv.choice.invitations import kept_choice
from lovdv.choice.models import Invitation
from lovdv.clock import today
from lovdv.formats import day as day_text
from lovdv.letters import queries
from lovdv.letters.queries import ToWrite
from lovdv.letters.words import KINDS

DEAD = "Personen är avliden. Inget brev görs."
CLOSED = (
    "Valet väntar inte längre på svar, så brevet stämmer inte. Ska personen välja på "
    "nytt? Bjud in personen först."
)
NONE = (
    "Valet väntar inte längre på svar, och det finns ingen ordnad plats att berätta "
    "om. Ska personen välja på nytt? Bjud in personen först."
)
NOT_ARRANGED = (
    "Brevet är för den som har fått en plats ordnad av kommunen och inte har valt "
    "sedan dess. Så är det inte här. Välj ett annat brev, eller ordna platsen först."
)
OTHER_KIND = {
    "provider_left": "Valet gäller inte en verksamhet som slutar. Välj ett annat brev.",
    "introduction": (
        "Brevet är för den som redan har plats och får välja för första gången. Så är "
        "det inte här. Välj ett annat brev."
    ),
}


def kinds(invitation: Invitation) -> dict[str, str]:
    """The letters that are true now, the likeliest first; none says NONE or DEAD."""
    likely = queries.letter_kind(invitation)
    order = sorted(KINDS, key=lambda each: (each != "no_choice", each != likely))
    return {
        kind: KINDS[kind]
        for kind in order
        if not why_not(queries.to_write(invitation, kind))
    }


def why_none(invitation: Invitation) -> str:
    return NONE if invitation.client.died_on is None else DEAD


def why_not(what: ToWrite) -> str:
    """Why the letter would not be true, and what to do instead; '' when it is true."""
    invitation = what.invitation
    if what.client.died_on is not None:
        return DEAD
    if what.kind == "no_choice":
        arranged = queries.arranged_choice(invitation)
        same = arranged is not None and arranged == what.choice
        return "" if same else NOT_ARRANGED
    if invitation.closed_on is not None:
        return CLOSED
    if what.kind == "reminder":
        return _no_need(invitation) or _too_late(invitation)
    fits = what.kind in ("invitation", invitation.kind)
    return "" if fits else OTHER_KIND[what.kind]


def _no_need(invitation: Invitation) -> str:
    kept = kept_choice(invitation)
    if kept is None or kept.unit is None:
        return ""
    return (
        f"{kept.unit.name} är redan vald, och personen behöver inte svara igen. "
        "Beställ platsen i stället."
    )


def _too_late(invitation: Invitation) -> str:
    if invitation.answer_by >= today():
        return ""
    return (
        f"Svarstiden gick ut {day_text(invitation.answer_by)}, så påminnelsen stämmer "
        "inte. Välj ett annat brev, eller ring personen."
    )
