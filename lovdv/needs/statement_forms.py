"""What may be sent about statements: the question, and the unit's own words."""

from collections.abc import Mapping, Sequence

from wtforms import Field, HiddenField, SelectField
from wtforms.validators import InputRequired, Length, Optional

from assessment import Domain
from lovdv.forms import BaseForm, DayField, LongTextField
from lovdv.needs.saving import plain
from lovdv.needs.statements import LONGEST_PART

UNCUT = {"maxlength": False}


class AskForm(BaseForm):
    placement = SelectField("Verksamhet", validators=[InputRequired("Välj en.")])
    due_on = DayField(
        "Senast",
        [InputRequired("Skriv dagen, till exempel 2026-11-22.")],
        description="Verksamheten påminns på sin startsida.",
    )
    question = LongTextField(
        "Vad vill du veta?",
        [Optional(), Length(max=2000, message="Skriv högst 2 000 tecken.")],
        description="Verksamheten läser det här. Skriv inte svar eller poäng.",
        render_kw=UNCUT,
    )


class StatementForm(BaseForm):
    """One text for each domain; the fields are made from the instrument."""

    _domains: tuple[Domain, ...] = ()

    shown = HiddenField()

    def rows(self) -> list[tuple[Domain, Field]]:
        return [(domain, self[f"part-{domain.id}"]) for domain in self._domains]

    def texts(self) -> dict[str, str]:
        return {domain.id: plain(field.data or "") for domain, field in self.rows()}


def statement_form(
    domains: Sequence[Domain], texts: Mapping[str, str], shown: str
) -> StatementForm:
    """Make the form of these domains, filled with what is written."""
    fields: dict[str, object] = {"_domains": tuple(domains)}
    for domain in domains:
        fields[f"part-{domain.id}"] = LongTextField(
            "Vad ni ser och gör",
            [
                Optional(),
                Length(max=LONGEST_PART, message=f"Skriv högst {LONGEST_PART} tecken."),
            ],
            render_kw=UNCUT,
        )
    values = {f"part-{name}": text for name, text in texts.items()}
    made: StatementForm = type("MadeStatementForm", (StatementForm,), fields)(
        data={**values, "shown": shown}
    )
    return made
