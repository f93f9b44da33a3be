"""What may be decided about presentations, the map and links to take home."""

from collections.abc import Mapping
from typing import Any

from wtforms.validators import Optional, ValidationError

from lovdv.access import Actor
from lovdv.forms import LongTextField
from lovdv.positions import position_of, position_text
from lovdv.systems.rule_fields import RuleForm, Whole

LONGEST_NAME = 60


class ProfileRuleForm(RuleForm):
    key, title = "profile", "Presentationer"
    own = ("confirm_months", "remind_days_before")

    confirm_months = Whole(
        "Månader som en kontrollerad presentation räknas som bekräftad",
        1,
        36,
        description="Därefter står det ”ej bekräftad” på verksamhetens sida.",
    )
    remind_days_before = Whole("Dagar före det som verksamheten påminns", 0, 180)


class LinkForm(RuleForm):
    key, title = "link", "Länkar att ta med hem"
    own = ("keep_months",)

    keep_months = Whole("Månader som en kort länk gäller", 1, 60)


class MapForm(RuleForm):
    key, title = "map", "Avstånd och karta"

    points = LongTextField(
        "Platser att räkna avstånd från",
        [Optional()],
        description="En plats på varje rad: namn; latitud; longitud. "
        "Till exempel: Resecentrum; 60,67584; 17,15190.",
    )

    @classmethod
    def told(cls, value: Mapping[str, object]) -> dict[str, object]:
        found = value["points"]
        points = found if isinstance(found, list) else []
        return {"points": "\n".join(_line(point) for point in points)}

    def value(self, actor: Actor) -> dict[str, object]:
        return {"points": [_point(line) for line in _lines(self.points.data)]}

    def validate_points(self, field: Any) -> None:
        names = []
        for line in _lines(field.data):
            try:
                names.append(_point(line)["name"])
            except ValueError as error:
                raise ValidationError(
                    f"Raden ”{line[:60]}” går inte att läsa. Skriv namn; latitud; "
                    "longitud."
                ) from error
        if len(set(names)) != len(names):
            raise ValidationError("Varje plats behöver ett eget namn.")


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _point(line: str) -> dict[str, object]:
    name, position = (part.strip() for part in line.split(";", 1))
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(line)
    latitude, longitude = position_of(position)
    return {"name": name, "latitude": latitude, "longitude": longitude}


def _line(point: Mapping[str, object]) -> str:
    latitude, longitude = int(str(point["latitude"])), int(str(point["longitude"]))
    return f"{point['name']}; {position_text(latitude, longitude)}"
