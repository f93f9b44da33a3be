"""What users may send about choices and the way to them."""

from collections.abc import Sequence
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Optional,
    StopValidation,
    ValidationError,
)

from lovdv.choice.listing import Row
from lovdv.choice.paper_models import ChoicePaper
from lovdv.choice.scans import KINDS, Scan, scan_of
from lovdv.choice.signed_papers import Asked
from lovdv.choice.speaking import HeardForm, OwnWillForm
from lovdv.choice.words import FEELINGS, PURPOSES, asked_after
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.forms import BaseForm, DayField, LongTextField, TextField, at_most, options
from lovdv.people.three_months import months_after

MONTHS_AHEAD = 24
"""How far off a person may want to begin."""

WAYS = {
    "phone": "Telefon",
    "letter": "Brev",
    "meeting": "Möte",
    "visit": "Besök",
    "sms": "Sms",
}
RESULTS = {
    "reached": "Fick kontakt",
    "not_reached": "Fick inte kontakt",
    "booked": "Bokade en ny tid",
    "undecided": "Personen vet inte än",
    "sent": "Skickat",
}
INVITATIONS = {
    "first": "Första valet",
    "rechoice": "Personen vill välja om",
    "introduction": "Har redan plats och får välja för första gången",
    "provider_left": "Utföraren slutar",
}


class AttemptForm(BaseForm):
    day = DayField("Vilken dag?", [InputRequired("Skriv dagen.")])
    purpose = RadioField("Vad gällde det?", choices=[], default="inform")
    way = RadioField(
        "Hur?",
        choices=options(WAYS),
        validators=[InputRequired("Välj hur kontakten togs.")],
    )
    result = RadioField(
        "Hur gick det?",
        choices=options(RESULTS),
        validators=[InputRequired("Välj hur det gick.")],
    )
    note = TextField(
        "Anteckning",
        [Optional(), at_most(300)],
        description="Inget om hälsa eller ärendet.",
    )
    unit = SelectField("Besök bokat på", choices=[], validators=[Optional()])
    visit_day = DayField("Besöket är den", [Optional()])
    feeling = RadioField(
        "Hur trivs personen? (när du frågar efter starten)",
        choices=options(FEELINGS),
    )
    choose_again = BooleanField(
        "Personen vill välja om",
        description="Personen blir inbjuden på nytt, med samma lots.",
    )

    @property
    def asks_after(self) -> bool:
        return bool(self.purpose.data not in ("inform", "visit"))

    def validate_feeling(self, field: Any) -> None:
        """Asked for after the start, and only then; no answer is no fault before."""
        if not field.data:
            field.errors = []
        answered = field.data or self.choose_again.data
        if self.asks_after and self.result.data == "reached" and not field.data:
            raise StopValidation("Välj hur personen trivs, så som personen säger det.")
        if answered and not (self.asks_after and self.result.data == "reached"):
            raise StopValidation(
                "Svaret gäller när du har fått kontakt och frågat efter starten. "
                "Välj det ovanför, eller ta bort svaret."
            )

    def offer(self, rows: Sequence[Row], months: Sequence[int]) -> None:
        named = [(row.public_id, row.name) for row in rows]
        self.unit.choices = options(named, empty="Inget besök")
        purposes = ["inform", "visit", *map(asked_after, months)]
        self.purpose.choices = options((each, PURPOSES[each]) for each in purposes)


class OwnChoiceForm(BaseForm):
    """The person's own yes."""

    expecting = HiddenField()


class OwnChoiceForForm(OwnWillForm, OwnChoiceForm):
    """A representative's yes, with what the person wants."""


class RegisterForm(HeardForm):
    unit = RadioField(
        "Vad valde personen?",
        choices=[],
        validators=[InputRequired("Välj den verksamhet som personen har valt.")],
        description="Alla med avtal, i personens egen blandade ordning.",
    )
    support = LongTextField(
        "Vilket stöd fick personen att förstå och välja?",
        [
            DataRequired("Skriv vilket stöd personen fick, eller att inget behövdes."),
            at_most(1000),
        ],
    )
    wanted_start = DayField("Vill börja", [Optional()])
    file = FileField("Papperet, inläst eller fotograferat (när valet är på papper)")
    paper = HiddenField()
    paper_reason = TextField(
        "Varför finns papperet inte? (när valet är på papper)",
        [Optional(), at_most(300)],
    )
    expecting = HiddenField()

    scan: Scan | None = None
    most_megabytes = 9

    def ask_for_paper(self, asked: Asked) -> None:
        """The fields about the paper, as the choice system wants them."""
        self.most_megabytes = asked.most_megabytes
        self.file.description = (
            f"En PDF, eller en bild som slutar på .jpg eller .png, högst "
            f"{asked.most_megabytes} MB. Var bilden är tagen sparas inte."
        )
        if asked.scan == "required":
            del self.paper_reason

    def validate_file(self, field: Any) -> None:
        """What the file holds is looked at, not what it is called."""
        if not field.data:
            return
        try:
            with field.data.stream as sent:
                content = sent.read(self.most_megabytes * 1024 * 1024 + 1)
            self.scan = scan_of(content, self.most_megabytes)
        except Refused as refusal:
            raise ValidationError(refusal.message) from refusal

    def validate_wanted_start(self, field: Any) -> None:
        """A day to come, and not so far off that the year was mistyped."""
        if field.data is None:
            return
        if field.data < today():
            raise ValidationError(
                "Dagen har varit. Välj i dag eller en senare dag, eller lämna rutan "
                "tom."
            )
        if field.data > months_after(today(), MONTHS_AHEAD):
            raise ValidationError(
                "Dagen är mer än två år bort. Välj en tidigare dag, eller lämna rutan "
                "tom."
            )

    def carry(self, paper: ChoicePaper | None) -> None:
        """The paper that is kept goes along to the next screen."""
        known = paper.public_id if paper else ""
        self.paper.data, self.paper.raw_data = known, [known]
        if paper is not None:
            self.file.description = (
                f"Ett papper är inläst ({KINDS[paper.media]}, "
                f"{max(paper.size // 1000, 1)} kB). Välj en fil bara om det ska bytas."
            )

    @property
    def reason_without_paper(self) -> str:
        asked = "paper_reason" in self
        return str(self.paper_reason.data or "") if asked else ""

    def offer(self, rows: Sequence[Row], client_id: int) -> None:
        self.unit.choices = options((row.public_id, _label(row)) for row in rows)
        self.offer_mandates(client_id)

    def hidden(self) -> list[tuple[str, str]]:
        """What was sent, to be sent once more when it has been read through."""
        return [
            (name, value)
            for name, field in self._fields.items()
            if name not in ("csrf_token", "file")
            for value in field.raw_data or []
        ]


def _label(row: Row) -> str:
    label = f"{row.name}, {row.offered.unit.provider.name}"
    if not row.offered.open:
        return f"{label} (tar inte emot nya val)"
    return f"{label} (fullt – kö)" if row.room.full else label


class OutcomeForm(BaseForm):
    outcome = RadioField(
        "Vad har hänt?",
        choices=[],
        validators=[InputRequired("Välj vad som har hänt.")],
    )
    note = LongTextField(
        "Vad hände, och hur vet du det?",
        [
            DataRequired("Skriv kort vad som har hänt och hur du vet det."),
            at_most(1000),
        ],
    )


class NoChoiceForm(BaseForm):
    unit = RadioField(
        "Vilken verksamhet?",
        choices=[],
        validators=[InputRequired("Välj en verksamhet.")],
    )
    interest = TextField("Personens intressen", [Optional(), at_most(300)])
    need = TextField("Personens behov", [Optional(), at_most(300)])
    distance = TextField("Avstånd och resväg", [Optional(), at_most(300)])
    place = TextField("Plats i gruppen", [Optional(), at_most(300)])

    def offer(self, rows: Sequence[Row]) -> None:
        self.unit.choices = options((row.public_id, _label(row)) for row in rows)

    def reasons(self) -> dict[str, str]:
        names = ("interest", "need", "distance", "place")
        return {name: self[name].data or "" for name in names}


class InviteForm(BaseForm):
    kind = RadioField(
        "Vad gäller det?",
        choices=options(INVITATIONS),
        validators=[InputRequired("Välj vad det gäller.")],
    )
    wants_support = RadioField(
        "Vill personen ha stöd av en lots?",
        choices=options({"yes": "Ja", "no": "Nej, eller vet inte"}),
        default="no",
    )

    @property
    def support(self) -> bool:
        return bool(self.wants_support.data == "yes")


def chosen_row(rows: Sequence[Row], field: Any) -> Row | None:
    return next((row for row in rows if row.public_id == field.data), None)
