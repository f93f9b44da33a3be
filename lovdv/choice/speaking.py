"""Who speaks for the person: themself, or a representative who tells what they want."""

from collections.abc import Sequence
from dataclasses import dataclass

from wtforms import RadioField, SelectField
from wtforms.validators import Optional

from lovdv.access import Permission, actor
from lovdv.choice import invitations
from lovdv.choice.made_by import MadeBy
from lovdv.choice.words import CHANNELS, MAKERS, WILLS
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import BaseForm, OneOf, TextField, at_most, options
from lovdv.people.models import Client, Decision, Mandate
from lovdv.people.names import shown_representative, spoken_name
from lovdv.people.scope import visible_people

# On the person's own pages


class OwnWillForm(BaseForm):
    """What a representative must say about what the person wants."""

    own_will = OneOf("Vad vill personen själv?", WILLS, "Välj vad personen själv vill.")
    own_will_note = TextField(
        "Hur vet du det?",
        [Optional(), at_most(300)],
        description="Skriv hur ni pratade om det.",
    )


def is_me(client: Client) -> bool:
    return actor().client_id == client.id


@dataclass(frozen=True)
class Who:
    """What a page calls the person: "du" to themself, by name to anybody else.

    >>> kim = Who(myself=False, name="Kim")
    >>> f"{kim.opens} kan ångra {kim.itself}. Då ringer {kim.caseworker} {kim.object}."
    'Kim kan ångra sig. Då ringer handläggaren Kim.'
    """

    myself: bool
    name: str

    @property
    def subject(self) -> str:
        return "du" if self.myself else self.name

    @property
    def opens(self) -> str:
        """The subject as a sentence begins with it."""
        return self.subject[:1].upper() + self.subject[1:]

    @property
    def object(self) -> str:
        return "dig" if self.myself else self.name

    @property
    def itself(self) -> str:
        return "dig" if self.myself else "sig"

    @property
    def caseworker(self) -> str:
        return "din handläggare" if self.myself else "handläggaren"


def who(client: Client) -> Who:
    return Who(myself=is_me(client), name=spoken_name(client))


def made_by(client: Client, form: BaseForm) -> MadeBy:
    """Whoever is signed in: the person, unless the form asks for the own will."""
    if not isinstance(form, OwnWillForm):
        return MadeBy()
    return MadeBy(
        who="representative",
        mandate=invitations.mandate_of(actor(), client),
        own_will=form.own_will.data,
        own_will_note=form.own_will_note.data,
    )


def decision_of(client: Client) -> Decision:
    """The decision that the person chooses for; refused in easy words without one."""
    found = invitations.decision_chosen_for(client, today())
    if found is None:
        raise Refused(
            "Det finns inget beslut om daglig verksamhet som gäller nu. "
            "Ring kommunen, så hjälper vi dig."
        )
    return found


# As staff write it down


class HeardForm(BaseForm):
    """Who it was that decided, as a caseworker or guide heard it."""

    made_by = OneOf("Vem bestämde?", MAKERS, "Välj vem som bestämde.")
    mandate = SelectField("Företrädarens uppdrag", choices=[], validate_choice=False)
    own_will = RadioField(
        "Vad vill personen själv? (när en företrädare bestämmer)",
        choices=options(WILLS),
        validators=[Optional()],
    )
    own_will_note = TextField("Hur vet ni det?", [Optional(), at_most(300)])
    channel = OneOf("Hur gick det till?", CHANNELS, "Välj hur det gick till.")

    mandates: Sequence[Mandate] = ()

    def offer_mandates(self, client_id: int) -> None:
        self.mandates = invitations.covering_mandates(client_id, today())
        named = [(each.public_id, shown_representative(each)) for each in self.mandates]
        self.mandate.choices = options(named, empty="Ingen företrädare bestämmer")

    def said_by(self) -> MadeBy:
        if self.made_by.data == "person":
            return MadeBy()
        picked = (m for m in self.mandates if m.public_id == self.mandate.data)
        return MadeBy(
            who="representative",
            mandate=next(picked, None),
            own_will=self.own_will.data or "",
            own_will_note=self.own_will_note.data or "",
        )

    def told_through(self, *, as_guide: bool) -> str:
        """The channel that is kept: paper, guide or caseworker."""
        if self.channel.data == "paper":
            return "paper"
        return "guide" if as_guide else "caseworker"


def handles_case(client: Client) -> bool:
    """Whether whoever writes it down handles the person's case; else a guide does."""
    if not actor().may(Permission.CHOICE_READ):
        return False
    found = visible_people(actor()).where(Client.id == client.id)
    return db.session.scalars(found).first() is not None
