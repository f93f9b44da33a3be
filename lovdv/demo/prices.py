"""The demo's prices: a published list, and the same raised by a made-up index.

Tyresö kommun 2020, kronor a day, external and internal regi; from the municipality's
page "Ersättning" for providers of daglig verksamhet, updated 2020-09-03. The raised
list is fictive, as is its use in the demo.
"""

from decimal import ROUND_HALF_UP, Decimal

FIRST_NAME = "Demopriser ett (beloppen är Tyresös 2020)"
RAISED_NAME = "Demopriser två (påhittad uppräkning 3,1 %)"
RAISE = Decimal("1.031")
REGIS = ("extern", "intern")
CLASSES = ("heltid", "halvtid", "deltid")

PRINTED = {
    "1": ((439, 307, 132), (414, 290, 124)),
    "2": ((626, 439, 188), (591, 413, 177)),
    "3": ((987, 691, 296), (931, 652, 279)),
    "4": ((1303, 912, 391), (1229, 861, 369)),
    "5": ((1663, 1164, 499), (1569, 1099, 470)),
}
"""Level: external full time, half time and part time; then the same for own regi."""


def cells(*, raised: bool) -> list[tuple[str, str, str, int]]:
    """Level, extent class, regi and whole öre a day."""
    return [
        (level, extent, regi, _ore(kronor, raised=raised))
        for level, columns in PRINTED.items()
        for regi, amounts in zip(REGIS, columns, strict=True)
        for extent, kronor in zip(CLASSES, amounts, strict=True)
    ]


def _ore(kronor: int, *, raised: bool) -> int:
    amount = Decimal(kronor) * (RAISE if raised else 1)
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP)) * 100
