"""Finance's answer as rows: paid or rejected, per line, supplier or provider.

Values in, values out: what a row says is matched against what the run paid, and a row
that fits nothing says why. Every row of the file is either matched or unmatched.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from lovdv.ledger.text_reading import TemplateFaults
from payments.errors import NotAnAmount
from payments.money import kronor, ore, shown

PAID, REJECTED, UNMATCHED = "paid", "rejected", "unmatched"
COLUMNS = {
    "line": ("rad", "radnr", "rad id"),
    "supplier": ("leverantörsnr", "leverantör"),
    "organisation": ("organisationsnr", "orgnr"),
    "status": ("status", "utfall"),
    "reason": ("orsak", "skäl", "meddelande"),
    "amount": ("belopp", "belopp kr"),
}
PAID_WORDS = ("betald", "betalt", "ok", "utbetald", "bokförd", "godkänd")
REJECTED_WORDS = ("avvisad", "avvisat", "nekad", "fel", "stoppad", "ej betald")


@dataclass(frozen=True)
class AnswerSettings:
    """Headings and words as the finance system has them, besides the ordinary ones."""

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: COLUMNS)
    paid: tuple[str, ...] = PAID_WORDS
    rejected: tuple[str, ...] = REJECTED_WORDS


def read_settings(value: object) -> AnswerSettings:
    """The settings of a JSON value; every fault is listed at once."""
    if not isinstance(value, Mapping):
        raise TemplateFaults(["Mallen ska vara ett objekt."])
    faults = list(_faults(value))
    if faults:
        raise TemplateFaults(faults)
    told = value.get("columns", {})
    columns = {
        name: (*([_plain(told[name])] if told.get(name) else []), *known)
        for name, known in COLUMNS.items()
    }
    return AnswerSettings(
        columns=columns,
        paid=(*map(_plain, value.get("paid", [])), *PAID_WORDS),
        rejected=(*map(_plain, value.get("rejected", [])), *REJECTED_WORDS),
    )


def _faults(value: Mapping[str, object]) -> Iterator[str]:
    for name in value:
        if name not in ("columns", "paid", "rejected"):
            yield f"”{name}” är inget som en mall för svar har."
    columns = value.get("columns", {})
    if not isinstance(columns, Mapping):
        yield "columns ska vara rubriker efter vad de är."
    else:
        for name, title in columns.items():
            if name not in COLUMNS or not isinstance(title, str):
                yield f"columns: ”{name}” är ingen av {', '.join(COLUMNS)}."
    for name in ("paid", "rejected"):
        words = value.get(name, [])
        if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
            yield f"{name} ska vara en lista med ord."


@dataclass(frozen=True)
class PaidLine:
    """A line of the run as an answer can name it; öre."""

    id: int
    provider_id: int
    supplier_number: str
    organisation_number: str
    amount: int


@dataclass(frozen=True)
class Answer:
    """What one row of the file says, and of what; `fault` where it fits nothing."""

    number: int
    outcome: str
    line_id: int | None = None
    provider_id: int | None = None
    amount: int | None = None
    reason: str = ""
    fault: str = ""


def matched(
    rows: Sequence[Sequence[str]], lines: Sequence[PaidLine], settings: AnswerSettings
) -> list[Answer]:
    """An answer for each row under the headings, in the file's order.

    >>> lines = [PaidLine(7, 1, "1001", "556677-8899", 62600)]
    >>> rows = [["Rad", "Status", "Orsak"], ["7", "Avvisad", "Konto saknas"],
    ...     ["8", "Betald", ""]]
    >>> [(a.outcome, a.reason or a.fault) for a in matched(rows, lines,
    ...     AnswerSettings())]
    [('rejected', 'Konto saknas'), ('unmatched', 'Rad 8 finns inte i körningen.')]
    """
    places = _places(rows[0] if rows else (), settings)
    matching = _Matching(lines, settings)
    told = [
        (number, {name: _cell(row, place) for name, place in places.items()})
        for number, row in enumerate(rows[1:], start=2)
    ]
    return [matching.answer(number, row) for number, row in told if any(row.values())]


def _places(heading: Sequence[str], settings: AnswerSettings) -> dict[str, int]:
    titles = [_plain(title) for title in heading]
    places = {
        name: titles.index(title)
        for name, known in settings.columns.items()
        for title in known[::-1]
        if title in titles
    }
    if "status" not in places:
        raise TemplateFaults(
            ["Filen har ingen rubrik för status. Se vilka rubriker som går att läsa."]
        )
    if not {"line", "supplier", "organisation"} & set(places):
        raise TemplateFaults(
            ["Filen saknar rubriken rad, leverantörsnr eller organisationsnr."]
        )
    return places


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _cell(row: Sequence[str], place: int) -> str:
    return " ".join(row[place].split()) if place < len(row) else ""


class _Unmatched(Exception):
    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class _Matching:
    """The run's lines by what a row may name, and what rows have named already."""

    def __init__(self, lines: Sequence[PaidLine], settings: AnswerSettings) -> None:
        self.settings = settings
        self.lines = {str(line.id): line for line in lines}
        self.by_supplier: dict[str, list[PaidLine]] = defaultdict(list)
        self.by_organisation: dict[str, list[PaidLine]] = defaultdict(list)
        self.named: dict[tuple[str, int], int] = {}
        for line in lines:
            self.by_supplier[line.supplier_number].append(line)
            self.by_organisation[_digits(line.organisation_number)].append(line)

    def answer(self, number: int, row: Mapping[str, str]) -> Answer:
        reason = row.get("reason", "")[:300]
        try:
            outcome = self._outcome(row)
            amount = _amount(row.get("amount", ""))
            line_id, provider_id, due = self._found(row)
            self._check(number, line_id, provider_id, amount, due)
        except _Unmatched as found:
            return Answer(number, UNMATCHED, reason=reason, fault=found.fault[:300])
        return Answer(number, outcome, line_id, provider_id, amount, reason)

    def _outcome(self, row: Mapping[str, str]) -> str:
        word = _plain(row["status"])
        if word in self.settings.paid:
            return PAID
        if word in self.settings.rejected:
            return REJECTED
        raise _Unmatched(f"Statusen ”{row['status']}” är varken betald eller avvisad.")

    def _found(self, row: Mapping[str, str]) -> tuple[int | None, int | None, int]:
        if row.get("line"):
            line = self.lines.get(row["line"])
            if line is None:
                raise _Unmatched(f"Rad {row['line']} finns inte i körningen.")
            return line.id, None, line.amount
        some, who = self._payee(row)
        providers = {line.provider_id for line in some}
        if not providers:
            raise _Unmatched(f"Körningen betalar ingen utförare med {who}.")
        if len(providers) > 1:
            raise _Unmatched(f"Flera utförare har {who}.")
        return None, providers.pop(), sum(line.amount for line in some)

    def _payee(self, row: Mapping[str, str]) -> tuple[Sequence[PaidLine], str]:
        if row.get("supplier"):
            number = row["supplier"]
            return self.by_supplier.get(number, []), f"leverantörsnummer {number}"
        number = row.get("organisation", "")
        if not number:
            raise _Unmatched("Raden säger inte vad den gäller.")
        found = self.by_organisation.get(_digits(number), [])
        return found, f"organisationsnummer {number}"

    def _check(
        self,
        number: int,
        line_id: int | None,
        provider_id: int | None,
        amount: int | None,
        due: int,
    ) -> None:
        key = ("line", line_id) if line_id is not None else ("payee", provider_id or 0)
        if key in self.named:
            raise _Unmatched(f"Står också på rad {self.named[key]} i filen.")
        self.named[key] = number
        if amount is not None and amount != due:
            raise _Unmatched(
                f"Beloppet är {shown(amount)} i filen men {shown(due)} i körningen."
            )


def _digits(number: str) -> str:
    return "".join(digit for digit in number if digit.isdigit())


def _amount(text: str) -> int | None:
    if not text:
        return None
    try:
        return ore(Decimal(kronor(text)))
    except NotAnAmount as error:
        raise _Unmatched(str(error)) from error
