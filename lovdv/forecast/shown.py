"""What a reader may see of sums by provider and level: nothing of too few people."""

from collections.abc import Sequence
from dataclasses import dataclass

from lovdv.access import Actor, Permission
from lovdv.followup.small_counts import NOT_SHOWN, shown_parts
from lovdv.forecast.scenarios import Row
from lovdv.formats import kronor, number
from payments import rounded

ONE_KRONA = 100


@dataclass(frozen=True)
class Shown:
    """A row as text."""

    name: str
    people_before: str
    people_after: str
    before: str
    after: str
    difference: str


def hides(reader: Actor) -> bool:
    """Those who do not see the runs themselves see no small numbers."""
    return not reader.may(Permission.RUN_READ)


def whole_kronor(ore: int) -> str:
    r"""An amount where öre would say more than is known.

    >>> whole_kronor(563656950)
    '5\xa0636\xa0570\xa0kr'
    """
    return f"{number(rounded(ore, ONE_KRONA))}\N{NO-BREAK SPACE}kr"


def shown_rows(
    rows: Sequence[Row], names: Sequence[str], *, hidden: bool
) -> list[Shown]:
    """Parts of a known whole; a sum is hidden with the people it is about."""
    before = shown_parts({n: r.people_before for n, r in zip(names, rows, strict=True)})
    after = shown_parts({n: r.people_after for n, r in zip(names, rows, strict=True)})
    found = []
    for name, row in zip(names, rows, strict=True):
        told = (before[name], after[name]) if hidden else _counts(row)
        out = NOT_SHOWN in told
        amounts = [
            NOT_SHOWN if out else kronor(amount)
            for amount in (row.before, row.after, row.difference)
        ]
        found.append(Shown(name, *told, *amounts))
    return found


def _counts(row: Row) -> tuple[str, str]:
    return str(row.people_before), str(row.people_after)
