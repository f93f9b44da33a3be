"""What a systemledare decides about month runs: who attests, what is corrected."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from wtforms.validators import DataRequired, ValidationError

from lovdv.access import Actor
from lovdv.forms import LongTextField, OneOf, swedish_decimal
from lovdv.systems.rule_fields import RuleForm, Whole

MOST_STEPS = 5
AMOUNT_OF = {
    "provider": "Det som körningen betalar utföraren",
    "run": "Allt som körningen betalar",
}


class CorrectionForm(RuleForm):
    key, title = "correction", "Rättelser av betalda månader"
    own = ("back_months",)

    back_months = Whole(
        "Månader bakåt som en körning rättar",
        0,
        120,
        description="Det som är äldre betalas inte, men listas med belopp.",
    )


class StepRow(NamedTuple):
    """From an amount in kronor on, so many attest."""

    from_amount: Decimal
    steps: int

    @classmethod
    def read(cls, line: str) -> "StepRow":
        """'1 000 000: 2'; ValueError where it is something else."""
        amount, colon, steps = line.rpartition(":")
        if not (colon and steps.strip().isdecimal()):
            raise ValueError(line)
        return cls(swedish_decimal(amount.replace("kr", "")), int(steps))


class AttestForm(RuleForm):
    key, title = "attest", "Attest av månadskörningen"
    own = ("amount_of",)

    amount_of = OneOf("Beloppet som avgör", AMOUNT_OF)
    rows = LongTextField(
        "Från vilket belopp hur många attesterar",
        [DataRequired("Skriv minst en rad, till exempel 0: 1.")],
        description="En rad för varje gräns: belopp i kronor, kolon, antal personer. "
        "Till exempel 0: 1 och på nästa rad 1 000 000: 2. Varje steg tas av en ny "
        "person, aldrig den som räknade månaden.",
    )

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        found = value["rows"]
        rows = found if isinstance(found, list) else []
        lines = [f"{row['from_amount']}: {row['steps']}" for row in rows]
        return {**super().told(value), "rows": "\n".join(lines)}

    def value(self, actor: Actor) -> dict[str, object]:
        rows = [
            {"from_amount": f"{row.from_amount:f}", "steps": row.steps}
            for row in self.step_rows
        ]
        return {**super().value(actor), "rows": rows}

    @property
    def step_rows(self) -> list[StepRow]:
        lines = (line.strip() for line in (self.rows.data or "").split("\n"))
        return [StepRow.read(line) for line in lines if line]

    def validate_rows(self, field: Any) -> None:
        try:
            rows = self.step_rows
        except ValueError as error:
            raise ValidationError(
                f"Raden ”{error}” går inte att läsa. Skriv belopp, kolon och antal, "
                "till exempel 1 000 000: 2."
            ) from error
        if not rows or rows[0].from_amount != 0:
            raise ValidationError("Första raden ska gälla från 0 kronor.")
        if any(not 1 <= row.steps <= MOST_STEPS for row in rows):
            raise ValidationError(f"Antalet är 1 till {MOST_STEPS} på varje rad.")
        if any(a.from_amount >= b.from_amount for a, b in pairwise(rows)):
            raise ValidationError("Skriv beloppen i stigande ordning.")
        if any(a.steps > b.steps for a, b in pairwise(rows)):
            raise ValidationError("Ett högre belopp kan inte ha färre steg.")
