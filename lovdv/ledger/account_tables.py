"""Account rows as a table: out as a workbook, in as rows of texts with row errors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lovdv import excel
from lovdv.errors import Refused
from lovdv.ledger.account_operations import Asked
from lovdv.ledger.account_words import ANY_WORD, KINDS
from lovdv.ledger.accounts import AccountString, Facts
from lovdv.ledger.models import AccountRow
from lovdv.providers.models import Provider, Unit

REGIS = {"extern": "extern", "intern": "intern"}
FORMS = {
    "company": "företag",
    "association": "förening",
    "municipality": "kommun",
    "own": "egen",
}
LAWS = {"LSS": "LSS", "SoL": "SoL"}
ASKS = ("regi", "juridisk form", "lagrum", "organisationsnr", "enhet", "radtyp")
GIVES = {
    "konto": "account",
    "ansvar": "responsibility",
    "verksamhet": "operation",
    "motpart": "counterpart",
    "projekt": "project",
    "aktivitet": "activity",
    "fri": "free",
    "motkonto": "contra",
}
VAT, ENDS, FIRST_DAY, REFERENCE = "momsprocent", "upphör", "gäller från", "beslut"
COLUMNS = (*ASKS, *GIVES, VAT, ENDS)
MANY, LONGEST_CODE = 3, 28


@dataclass(frozen=True)
class Known:
    """The providers and units that a row may name."""

    providers: Mapping[int, Provider]
    units: Mapping[int, Unit]


def as_workbook(rows: Sequence[AccountRow], known: Known) -> bytes:
    """The rows in the form in which they can be read in again."""
    columns = [
        excel.Column("regi", choices=tuple(REGIS)),
        excel.Column("juridisk form", choices=tuple(FORMS.values())),
        excel.Column("lagrum", choices=tuple(LAWS)),
        excel.Column("organisationsnr"),
        excel.Column("enhet", width=30),
        excel.Column("radtyp"),
        *(excel.Column(name) for name in GIVES),
        excel.Column(VAT),
        excel.Column(ENDS, choices=("ja",)),
        excel.Column(FIRST_DAY, excel.DAY),
        excel.Column(REFERENCE, width=30),
    ]
    sheet = excel.Sheet("Rader", columns, [_row(row, known) for row in rows])
    help_rows = [(name, excel.TEXT, text) for name, text in _HELP]
    return excel.workbook(
        [sheet, excel.Pairs("Så fyller du i", help_rows)], title="Kontering"
    )


_HELP = (
    ("Tom ruta", "Raden frågar inte efter det. En rad utan frågor gäller allt."),
    (
        "Mest preciserad",
        "Av de rader som passar gäller den som nämner allt de andra nämner.",
    ),
    (
        "radtyp",
        "place (plats), supplement (tillägg), supplement:kod, after_end eller vat.",
    ),
    ("motkonto", "Kontot som verifikationen i SIE balanseras mot."),
    ("momsprocent", "Tomt: 6 procent. 0: ingen momsersättning för raden."),
    ("upphör", "ja: raden gäller inte längre från den nya dagen."),
)


def _row(row: AccountRow, known: Known) -> list[excel.Value]:
    provider = known.providers.get(row.provider_id or 0)
    unit = known.units.get(row.unit_id or 0)
    return [
        row.regi,
        FORMS.get(row.counterpart, ""),
        row.law,
        provider.organisation_number if provider else "",
        unit.name if unit else "",
        row.kind,
        row.account,
        row.responsibility,
        row.operation,
        row.counterpart_code,
        row.project,
        row.activity,
        row.free,
        row.contra,
        "" if row.vat_per_cent is None else str(row.vat_per_cent),
        "ja" if row.withdrawn else "",
        row.first_day,
        row.reference,
    ]


def read(rows: Sequence[Sequence[str]], known: Known) -> list[Asked]:
    """The table's rows, or a refusal that says which rows are wrong."""
    places = _places(rows[0] if rows else ())
    found: dict[Facts, Asked] = {}
    faults: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        told = {name: _cell(row, place) for name, place in places.items()}
        if not any(told.values()):
            continue
        try:
            one = _asked(told, known)
        except Refused as refusal:
            faults.append(f"Rad {number}: {refusal.message}")
            continue
        if one.asks in found:
            faults.append(f"Rad {number}: samma villkor står på två rader.")
        found[one.asks] = one
    if faults:
        raise Refused(" ".join(_few(faults)), "file")
    if not found:
        raise Refused("Filen har inga rader under rubrikerna.", "file")
    return list(found.values())


def _few(faults: Sequence[str]) -> Iterator[str]:
    yield from faults[:MANY]
    if len(faults) > MANY:
        yield f"Och {len(faults) - MANY} rader till."


def _places(heading: Sequence[str]) -> dict[str, int]:
    titles = [title.strip().casefold() for title in heading]
    missing = [name for name in ("konto",) if name not in titles]
    if missing:
        raise Refused(
            f"Rubriken {missing[0]} saknas på första raden. Hämta tabellen som den är "
            "i dag och fyll i den.",
            "file",
        )
    return {name: titles.index(name) for name in COLUMNS if name in titles}


def _cell(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _asked(told: Mapping[str, str], known: Known) -> Asked:
    codes = {part: told.get(name, "") for name, part in GIVES.items()}
    return Asked(
        asks=Facts(
            regi=_of(REGIS, told.get("regi", ""), "regi"),
            counterpart=_of(FORMS, told.get("juridisk form", ""), "juridisk form"),
            law=_of(LAWS, told.get("lagrum", ""), "lagrum"),
            provider=_provider(told.get("organisationsnr", ""), known),
            unit=_unit(told.get("enhet", ""), known),
            kind=_kind(told.get("radtyp", "")),
        ),
        gives=AccountString(**codes, vat_per_cent=_per_cent(told.get(VAT, ""))),
        withdrawn=told.get(ENDS, "").casefold() in {"ja", "j", "1", "true"},
    )


def _of(known: Mapping[str, str], word: str, name: str) -> str:
    plain = word.casefold()
    if plain in {"", ANY_WORD}:
        return ""
    for value, spoken in known.items():
        if plain in {value.casefold(), spoken.casefold()}:
            return value
    raise Refused(f"”{word}” är ingen {name}. Skriv {', '.join(known.values())}.")


def _kind(word: str) -> str:
    whole, colon, code = word.partition(":")
    if word and (whole not in KINDS or (colon and whole != "supplement")):
        raise Refused(f"”{word}” är ingen radtyp. Skriv {', '.join(KINDS)}.")
    if len(code) > LONGEST_CODE:
        raise Refused(f"Tilläggets kod är längre än {LONGEST_CODE} tecken. Korta den.")
    return word


def _provider(number: str, known: Known) -> str:
    if not number:
        return ""
    for provider in known.providers.values():
        if _plain(provider.organisation_number) == _plain(number):
            return str(provider.id)
    raise Refused(f"Ingen utförare med avtal har organisationsnumret {number}.")


def _plain(number: str) -> str:
    return "".join(digit for digit in number if digit.isdigit())


def _unit(name: str, known: Known) -> str:
    if not name:
        return ""
    found = [unit for unit in known.units.values() if unit.name == name]
    if len(found) != 1:
        told = "Ingen enhet" if not found else "Flera enheter"
        raise Refused(f"{told} med avtal heter {name}.")
    return str(found[0].id)


def _per_cent(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or not 0 <= int(text) <= 100:
        raise Refused(f"”{text}” är ingen momsprocent. Skriv hela procent, 0 till 100.")
    return int(text)
