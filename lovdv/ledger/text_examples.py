"""Templates to begin from. None is checked with a customer, and the page says so.

The order and widths follow public descriptions of the two systems' own import
formats only in style: a municipality's own installation decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    name: str
    kind: str
    told: str
    value: Mapping[str, object]


def _fixed(source: str, width: int, **more: object) -> dict[str, object]:
    return {"source": source, "width": width, **more}


def _text(text: str, width: int) -> dict[str, object]:
    return {"text": text, "width": width}


COMPACT = {"date_format": "YYYYMMDD"}
PERIOD = {"date_format": "YYYYMM"}
DIGITS = {"align": "right", "fill": "0"}
ORE = {**DIGITS, "sign": "apart"}

RAINDANCE = {
    "layout": "fixed",
    "encoding": "latin-1",
    "per": "account",
    "header": [
        [
            _text("H", 1),
            _text("LOVDV", 10),
            _fixed("skapad", 8, **COMPACT),
            _fixed("bokföringsperiod", 6, **PERIOD),
        ]
    ],
    "fields": [
        _text("T", 1),
        _fixed("verifikation", 6, **DIGITS),
        _fixed("bokföringsdag", 8, **COMPACT),
        _fixed("konto", 8),
        _fixed("ansvar", 8),
        _fixed("verksamhet", 8),
        _fixed("motpartskod", 6),
        _fixed("projekt", 8),
        _fixed("aktivitet", 8),
        _fixed("belopp_öre", 15, **ORE),
        {"source": "belopp_öre", "width": 1, "only_sign": True},
        _fixed("text", 50),
    ],
    "footer": [
        [
            _text("S", 1),
            _fixed("antal_rader", 6, **DIGITS),
            _fixed("summa", 15, **DIGITS, decimal=""),
        ]
    ],
}

UNIT4 = {
    "layout": "delimited",
    "encoding": "cp1252",
    "separator": ";",
    "guard": False,
    "titles": True,
    "per": "account",
    "fields": [
        {"text": "LOVDV", "title": "batch_id"},
        {"text": "BI", "title": "interface"},
        {"text": "GL", "title": "trans_type"},
        {"source": "bokföringsperiod", "title": "period", **PERIOD},
        {"source": "bokföringsdag", "title": "voucher_date", **COMPACT},
        {"source": "verifikation", "title": "voucher_no"},
        {"source": "konto", "title": "account"},
        {"source": "ansvar", "title": "dim_1"},
        {"source": "verksamhet", "title": "dim_2"},
        {"source": "projekt", "title": "dim_3"},
        {"source": "aktivitet", "title": "dim_4"},
        {"source": "motpartskod", "title": "dim_5"},
        {"source": "fri", "title": "dim_6"},
        {"source": "belopp", "title": "amount", "decimal": "."},
        {"source": "leverantörsnr", "title": "apar_id"},
        {"source": "text", "title": "description"},
    ],
}

PER_LINE = {
    "layout": "delimited",
    "encoding": "utf-8-sig",
    "titles": True,
    "fields": [
        {"source": name}
        for name in ("rad", "organisationsnr", "placeringsnr", "konto", "ansvar")
    ]
    + [
        {"source": "verksamhet"},
        {"source": "avser_period", **PERIOD},
        {"source": "belopp"},
        {"source": "momsersättning"},
        {"source": "momsunderlag"},
        {"source": "momsprocent"},
        {"source": "momsbelopp"},
    ],
}

SIE = {
    "series": "LOV",
    "per": "account",
    "dimensions": [
        {"part": "responsibility", "number": 1, "name": "Ansvar"},
        {"part": "operation", "number": 20, "name": "Verksamhet"},
        {"part": "counterpart", "number": 21, "name": "Motpart"},
        {"part": "project", "number": 6, "name": "Projekt"},
        {"part": "activity", "number": 22, "name": "Aktivitet"},
        {"part": "free", "number": 23, "name": "Fri"},
    ],
}

EXAMPLES = (
    Example("SIE 4I", "sie", "Verifikationer per utförare, för inläsning.", SIE),
    Example(
        "Exempel Raindance",
        "text",
        "Fast bredd med huvud- och slutrad, tecknet i eget fält.",
        RAINDANCE,
    ),
    Example(
        "Exempel Unit4 GL07",
        "text",
        "Semikolon med rubriker, en rad per kontosträng och verifikation.",
        UNIT4,
    ),
    Example("Rader som CSV", "text", "En rad per ersättningsrad.", PER_LINE),
)
