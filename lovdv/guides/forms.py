"""What may be sent about substitutes, conflicts of interest and handing over."""

from collections.abc import Sequence

from wtforms import SelectField
from wtforms.validators import DataRequired, InputRequired

from lovdv.accounts.models import User
from lovdv.forms import (
    BaseForm,
    DayField,
    LastDayField,
    TextField,
    after,
    at_most,
    options,
)
from lovdv.providers.models import Provider, Unit


def _picked(users: Sequence[User], field: SelectField) -> User | None:
    return next((user for user in users if user.public_id == field.data), None)


class SubstituteForm(BaseForm):
    substitute = SelectField(
        "Vem är ersättare?", validators=[InputRequired("Välj vem som är ersättare.")]
    )
    first_day = DayField("Från och med", [InputRequired("Skriv den första dagen.")])
    last_day = LastDayField(
        "Till och med",
        [
            InputRequired("Skriv den sista dagen."),
            after("first_day", "Den sista dagen kan inte komma före den första."),
        ],
    )

    def offer(self, guides: Sequence[User]) -> None:
        self.guides = guides
        named = ((user.public_id, user.name) for user in guides)
        self.substitute.choices = options(named, empty="Välj en lots")

    def picked(self) -> User | None:
        return _picked(self.guides, self.substitute)


class ConflictForm(BaseForm):
    about = SelectField(
        "Vem gäller det?",
        validators=[InputRequired("Välj utföraren eller verksamheten.")],
        description="Väljer du en utförare gäller det alla dess verksamheter.",
    )
    reason = TextField(
        "Vad är det som kan påverka dig?",
        [DataRequired("Skriv kort vad det är."), at_most(300)],
        description="Till exempel: Min syster arbetar där. Systemledaren läser det.",
    )
    first_day = DayField("Från och med", [InputRequired("Skriv från vilken dag.")])

    def offer(self, providers: Sequence[Provider], units: Sequence[Unit]) -> None:
        self.providers = {f"p-{each.public_id}": each for each in providers}
        self.units = {f"u-{each.public_id}": each for each in units}
        named = [
            (key, f"{each.name} (utförare)") for key, each in self.providers.items()
        ]
        named += [(key, each.name) for key, each in self.units.items()]
        self.about.choices = options(named, empty="Välj en")

    def provider(self) -> Provider | None:
        return self.providers.get(self.about.data)

    def unit(self) -> Unit | None:
        return self.units.get(self.about.data)


class HandoverForm(BaseForm):
    to = SelectField("Till vilken lots?", validators=[InputRequired("Välj en lots.")])
    reason = TextField(
        "Varför?",
        [DataRequired("Skriv kort varför."), at_most(300)],
        description="Inget om hälsa eller ärendet. Den nya lotsen läser det.",
    )

    def offer(self, guides: Sequence[User]) -> None:
        self.guides = guides
        named = ((user.public_id, user.name) for user in guides)
        self.to.choices = options(named, empty="Välj en lots")

    def picked(self) -> User | None:
        return _picked(self.guides, self.to)
