"""What a scenario changes, in words and as it is kept."""

from collections.abc import Mapping

from lovdv.forecast.changing import Changes
from payments.indexing import index_shown

EXTENTS: Mapping[int, str] = {
    0: "Som i dag",
    -2: "Två dagar färre i veckan",
    -1: "En dag färre i veckan",
    1: "En dag till i veckan",
    2: "Två dagar till i veckan",
}


def said(changes: Changes) -> list[tuple[str, str]]:
    """Pairs of words; nothing for what is as it was."""
    told = [
        ("Alla priser", _per_cent(changes.price_index)),
        ("Prislista", changes.price_name),
        ("Regelfil", changes.rules_name),
        ("Omfattning", _extent(changes)),
        *(
            (f"Personer på nivå {level}", index_shown(percent))
            for level, percent in changes.more_percent.items()
        ),
        *(
            (f"Personer på nivå {level}", f"{people:+}")
            for level, people in changes.more_people.items()
        ),
        ("Väljer extern utförare", _share(changes.external_share)),
    ]
    return [(term, text) for term, text in told if text]


def _per_cent(index: int | None) -> str:
    return "" if index is None else index_shown(index)


def _share(share: int | None) -> str:
    return "" if share is None else f"{share} procent"


def _extent(changes: Changes) -> str:
    if not (changes.extent_days and changes.extent_share):
        return ""
    words = EXTENTS[changes.extent_days]
    return f"{words} för {changes.extent_share} procent av placeringarna"


def kept(changes: Changes) -> dict[str, object]:
    """As it is stored: the words, and every value that the sums rest on."""
    return {
        "words": [list(pair) for pair in said(changes)],
        "price_index": changes.price_index,
        "prices": [
            [cell.level, cell.extent_class, cell.regi, cell.unit, cell.amount]
            for cell in changes.price_cells
        ],
        "rules": None if changes.rules is None else dict(changes.rules),
        "extent_days": changes.extent_days,
        "extent_share": changes.extent_share,
        "more_percent": dict(changes.more_percent),
        "more_people": dict(changes.more_people),
        "external_share": changes.external_share,
    }
