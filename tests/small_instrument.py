"""A small instrument for tests: two areas, four questions, four levels."""

import json

_SCALE = [
    {"code": str(point), "points": str(point), "label": label}
    for point, label in enumerate(["Inget stöd", "Lite stöd", "Mycket stöd"])
]


def _question(name: str, text: str, **other: object) -> dict[str, object]:
    return {
        "id": name,
        "text": text,
        "scale": "stod",
        "descriptions": {
            "0": f"{text} – klarar det själv.",
            "1": f"{text} – behöver påminnelse.",
            "2": f"{text} – behöver någon bredvid.",
        },
        **other,
    }


def document(*, version: str = "1", levels: str = "1234") -> str:
    """Return it as JSON: 0-1, 2-3, 4-5 and 6-8 points; a floor; a follow-up."""
    one, two, three, four = levels
    limits = [(one, "0", "1"), (two, "2", "3"), (three, "4", "5"), (four, "6", "8")]
    return json.dumps(
        {
            "format": "lovdv-instrument-1",
            "id": "litet",
            "version": version,
            "title": "Litet instrument",
            "source": "Skrivet för testet",
            "scales": [{"id": "stod", "steps": _SCALE}],
            "domains": [
                {
                    "id": "vardag",
                    "title": "Vardag",
                    "questions": [
                        _question("mat", "Måltid", may_be_irrelevant=True),
                        _question("resa", "Resa"),
                    ],
                },
                {
                    "id": "trygghet",
                    "title": "Trygghet",
                    "questions": [
                        _question("oro", "Oro"),
                        _question(
                            "ofta",
                            "Hur ofta",
                            shown_when=[{"question": "oro", "at_least": "1"}],
                        ),
                    ],
                },
            ],
            "levels": [
                {"label": label, "price_level": label, "text": f"Betyder {label}."}
                for label in levels
            ],
            "limits": [
                {
                    "level": level,
                    "from": low,
                    "from_included": True,
                    "to": high,
                    "to_included": True,
                }
                for level, low, high in limits
            ],
            "rules": [
                {
                    "id": "oro",
                    "kind": "floor",
                    "text": "Mycket oro ger minst den tredje nivån.",
                    "when": [{"question": "oro", "at_least": "2"}],
                    "level": three,
                }
            ],
        }
    )
