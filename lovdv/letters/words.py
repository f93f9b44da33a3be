"""What letters say, in easy words: the same in every way of reading.

Never the level, the price of a place, or what the municipality calls it when somebody
has not chosen.
"""

from dataclasses import dataclass
from datetime import date

from lovdv.formats import weekday

KINDS = {
    "invitation": "Inbjudan att välja",
    "reminder": "Påminnelse",
    "no_choice": "Plats ordnad av kommunen",
    "provider_left": "Verksamheten slutar",
    "introduction": "Får välja, har redan plats",
}
WAYS = {
    "pictures": "Lättläst med bilder",
    "easy": "Lättläst utan bilder",
    "large": "Lättläst med stor text",
    "normal": "Vanlig text",
}
DEFAULT = "pictures"
NOTHING = "Inget händer."

Part = tuple[str, str, list[str]]
"""The picture, the heading and the sentences."""


@dataclass(frozen=True)
class Places:
    """Where the person is, and where it leads when nothing is chosen."""

    now: str = ""
    last_day: date | None = None  # there, when it has one
    then: str = ""  # the place that comes after, or the first
    begins: date | None = None  # there


@dataclass(frozen=True)
class Told:
    """What a letter is about; empty where there is nothing to say."""

    kind: str
    answer_by: date
    late: bool = False  # that day has passed, and nobody has answered
    places: Places = Places()
    leaves: str = ""  # the unit that stops
    last_day: date | None = None  # there, for somebody who has a place
    given: str = ""  # the place that the municipality has arranged
    guide: str = ""
    waits_for_guide: bool = False
    contact: str = ""
    default_only: bool = True

    @property
    def no_last_day(self) -> bool:
        """There is none to wait for, or it has passed."""
        return self.late or self.kind == "no_choice"


def title(told: Told) -> str:
    if told.kind == "provider_left":
        return f"{told.leaves or 'Stället'} ska sluta"
    return {
        "reminder": "Kom ihåg att svara",
        "no_choice": "Du har fått en plats",
        "introduction": "Du får välja var du vill vara",
    }.get(told.kind, "Du får välja")


def parts(told: Told) -> list[Part]:
    """Everything that somebody who chooses must know, each with its picture."""
    return [
        _first(told),
        (
            "thinking",
            "Du bestämmer",
            [
                "Du väljer själv.",
                "Ingen får välja åt dig.",
                "Alla ställen som har avtal med kommunen finns med.",
            ],
        ),
        (
            "coin",
            "Det kostar inget",
            [
                "Det kostar inget att välja.",
                "Det kostar inget att vara där.",
                "Lunch kan kosta pengar.",
            ],
        ),
        (
            "memo",
            "Så här gör du",
            [
                "Titta på alla ställen. Länken står längst ner.",
                "Besök dem om du vill.",
                "Säg sedan vad du väljer. Du kan ringa, skriva eller välja på sidan.",
            ],
        ),
        ("calendar", "Svara senast", _answer(told)),
        ("hourglass", "Om jag inte väljer", _silence(told)),
        (
            "swap",
            "Jag kan byta",
            ["Du får byta när du vill.", "Du får veta dagen innan du bestämmer dig."],
        ),
        ("house", "Får jag vara kvar?", _stay(told)),
        (
            "bus",
            "Hur jag åker dit",
            [
                "Vägen dit står hos varje ställe.",
                "Behöver du hjälp att åka? Fråga den som hjälper dig.",
            ],
        ),
        ("hand", "Den här personen hjälper dig", _help(told)),
        (
            "lock",
            "Vem får veta",
            ["Bara de som arbetar med ditt val.", "Och stället du väljer."],
        ),
        ("scales", "Så klagar du", _complain(told)),
    ]


def _first(told: Told) -> Part:
    if told.kind == "provider_left":
        return (
            "house",
            "Det här händer",
            [
                "Du får välja något nytt. Vi hjälper dig.",
                *(
                    [f"Du får vara kvar till och med {weekday(told.last_day)}."]
                    if told.last_day
                    else []
                ),
            ],
        )
    if told.kind == "no_choice":
        return (
            "house",
            "Din plats",
            [
                "Du har inte valt än. Därför har kommunen ordnat en plats åt dig.",
                f"Platsen är på {told.given}.",
                "Du får själv säga vad du tycker om den.",
            ],
        )
    if told.kind == "reminder":
        return ("bell", "Du har inte svarat än", ["Det finns fortfarande tid."])
    if told.kind == "introduction" and told.places.now:
        return ("house", "Nu är du här", [f"Nu är du på {told.places.now}."])
    return ("wave", "Hej!", ["Du får välja var du vill vara på dagarna."])


def _answer(told: Told) -> list[str]:
    if told.kind == "no_choice":
        return ["Du har ingen sista dag nu.", "Du kan välja igen när du vill."]
    if told.late:
        last = weekday(told.answer_by)
        return [f"Sista dagen var {last}.", "Du kan välja ändå. Säg till snart."]
    return [
        f"Svara senast {weekday(told.answer_by)}.",
        "Vill du ha mer tid? Säg till.",
    ]


def _silence(told: Told) -> list[str]:
    if told.kind == "no_choice":
        return [f"Då har du kvar platsen på {told.given}."]
    if told.places.then or (told.places.now and not _loses(told)):
        return _goes_on(told)
    where = " hos kommunen själv" if told.default_only else ""
    return [f"Då ordnar kommunen en plats åt dig{where}.", "Du kan byta sedan."]


def _loses(told: Told) -> bool:
    """The place that the person has is the one that stops."""
    return bool(told.leaves and told.places.last_day)


def _goes_on(told: Told) -> list[str]:
    """Silence changes nothing: what has a last day still has it."""
    places = told.places
    if places.now and places.last_day is None:
        return [f"Då är du kvar på {places.now}.", *([] if told.leaves else [NOTHING])]
    found = []
    if places.now:
        last = weekday(places.last_day)
        found.append(f"Du är kvar på {places.now} till och med {last}.")
    if places.then:
        when = "Sedan" if found else "Då"
        found.append(f"{when} börjar du på {places.then} {weekday(places.begins)}.")
        return found
    return [
        *found,
        "Sedan har du ingen plats.",
        f"Vill du ha hjälp? Ring {told.contact or 'kommunen'}.",
    ]


def _stay(told: Told) -> list[str]:
    if told.leaves and told.last_day:
        return [f"Nej. {told.leaves} ska sluta."]
    if told.leaves:
        return [f"{told.leaves} ska sluta. Du får vara kvar på det nya stället."]
    if told.places.now and told.places.last_day:
        return [f"Ja, till och med {weekday(told.places.last_day)}."]
    if told.places.now:
        return [f"Ja. Du får vara kvar på {told.places.now} om du vill."]
    return ["Ja. Du får vara kvar så länge du vill och har ett beslut."]


def _help(told: Told) -> list[str]:
    if told.guide:
        return [told.guide]
    found = ["Du kan få en lots.", "En lots hjälper dig att titta och besöka."]
    if told.waits_for_guide:
        found = ["Du har bett om hjälp.", "En lots hör snart av sig."]
    return [*found, f"Ring {told.contact}."] if told.contact else found


def _complain(told: Told) -> list[str]:
    whom = told.contact or "kommunen"
    return [
        f"Är något fel? Prata med din handläggare, eller ring {whom}.",
        "Får du inte den plats du vill ha? Be om ett beslut på papper.",
        "Då kan du klaga. Det heter att överklaga.",
    ]
