"""What every unit is asked, own regi and others alike: the same questions for all.

An answer is kept as data under the question's key; no answer is shown as "ingen
uppgift" and never hides the unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

NO_ANSWER = "ingen uppgift"
Facts = Mapping[str, object]


class Kind(StrEnum):
    SEVERAL = "several"
    ONE = "one"
    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    KRONOR = "kronor"


@dataclass(frozen=True)
class Option:
    """An answer to tick: its words, its picture and its easy-read words."""

    words: str
    picture: str
    easy: str = ""


@dataclass(frozen=True)
class Question:
    key: str
    words: str
    kind: Kind
    group: str
    hint: str = ""
    longest: int = 200
    most: int = 999
    unit: str = ""
    options: Mapping[str, Option] = field(default_factory=dict)


ACTIVITIES = {
    "paint": Option("Måla och skapa", "palette", "måla och skapa"),
    "textile": Option("Textil och sömnad", "yarn", "sy och väva"),
    "wood": Option("Snickeri", "saw", "snickra"),
    "kitchen": Option("Kök och bageri", "cooking", "laga mat och baka"),
    "cafe": Option("Kafé", "coffee", "arbeta i kafé"),
    "shop": Option("Butik", "cart", "arbeta i butik"),
    "garden": Option("Odling och trädgård", "seedling", "odla"),
    "animals": Option("Djur", "dog", "ta hand om djur"),
    "music": Option("Musik", "music", "spela och sjunga"),
    "theatre": Option("Teater och dans", "theatre", "spela teater och dansa"),
    "media": Option("Media och dator", "computer", "arbeta med dator och bild"),
    "laundry": Option("Tvätt och städ", "basket", "tvätta och städa"),
    "packing": Option("Packning och montering", "box", "packa och sätta ihop saker"),
    "recycling": Option("Återvinning", "recycling", "sortera och återvinna"),
    "office": Option("Kontor och service", "office", "arbeta på kontor"),
    "sport": Option("Rörelse och friskvård", "ball", "röra på dig"),
    "senses": Option("Upplevelser och sinnen", "ear", "uppleva med alla sinnen"),
    "company": Option("Arbete ute på företag", "handshake", "arbeta på ett företag"),
}
DAYS = {
    "mon": Option("måndag", "calendar"),
    "tue": Option("tisdag", "calendar"),
    "wed": Option("onsdag", "calendar"),
    "thu": Option("torsdag", "calendar"),
    "fri": Option("fredag", "calendar"),
    "sat": Option("lördag", "calendar"),
    "sun": Option("söndag", "calendar"),
}
SURROUNDINGS = {
    "indoors": Option("Mest inne", "house", "Du är mest inne."),
    "outdoors": Option("Mest ute", "tree", "Du är mest ute."),
    "both": Option("Både inne och ute", "sun", "Du är både inne och ute."),
}
SOUND = {
    "quiet": Option("Lugnt och tyst", "quiet", "Det är lugnt och tyst."),
    "some": Option("En del ljud och folk", "people", "Det är en del ljud och folk."),
    "lively": Option("Mycket ljud och folk", "group", "Det är mycket ljud och folk."),
}
LANGUAGES = {
    "sv": Option("Svenska", "speaking", "svenska"),
    "en": Option("Engelska", "speaking", "engelska"),
    "fi": Option("Finska", "speaking", "finska"),
    "ar": Option("Arabiska", "speaking", "arabiska"),
    "so": Option("Somaliska", "speaking", "somaliska"),
    "fa": Option("Persiska", "speaking", "persiska"),
    "ssp": Option("Svenskt teckenspråk", "sign", "teckenspråk"),
}
COMMUNICATION = {
    "pictures": Option("Bilder", "picture", "bilder"),
    "signs": Option("Tecken som stöd", "sign", "tecken som stöd"),
    "device": Option("Pratapparat eller surfplatta", "computer", "pratapparat"),
    "eye": Option("Ögonstyrning", "eye", "ögonstyrning"),
    "easy": Option("Lättläst text", "books", "lättläst text"),
}
ACCESS = {
    "wheelchair": Option(
        "Rullstol kommer fram överallt", "wheelchair", "plats för rullstol"
    ),
    "toilet": Option("Toalett för rullstol", "toilet", "toalett för rullstol"),
    "lift": Option("Hiss eller allt på ett plan", "lift", "hiss"),
    "hoist": Option("Personlyft", "hand", "personlyft"),
    "hearing": Option("Hörslinga", "ear", "hörslinga"),
    "seeing": Option("Ledstråk och kontraster", "eye", "ledstråk"),
    "rest": Option("Vilorum", "calm", "vilorum"),
}
LUNCH = {
    "served": Option("Lunch serveras", "meal", "Du kan köpa lunch här."),
    "own": Option("Egen matlåda", "box", "Du har med dig egen mat."),
    "both": Option("Båda går bra", "meal", "Du kan köpa lunch eller ha med egen mat."),
}
OUTSIDE_WORK = {
    "yes": Option("Ja", "handshake", "Du kan få arbeta på ett företag."),
    "no": Option("Nej", "house", "Du arbetar alltid här."),
}

WHAT, DAY, PLACE, PEOPLE = "Vad man gör", "En dag", "Platsen", "Människorna"
GROUPS = (WHAT, DAY, PLACE, PEOPLE)

QUESTIONS = (
    Question("activities", "Vad gör man här?", Kind.SEVERAL, WHAT, options=ACTIVITIES),
    Question(
        "outside_work",
        "Kan man arbeta på ett företag?",
        Kind.ONE,
        WHAT,
        options=OUTSIDE_WORK,
    ),
    Question(
        "a_day",
        "Så här ser en dag ut",
        Kind.TEXT,
        DAY,
        hint="Det som händer från morgon till hemgång, i ordning.",
        longest=600,
    ),
    Question("open_days", "Vilka dagar är det öppet?", Kind.SEVERAL, DAY, options=DAYS),
    Question("opens", "Öppnar klockan", Kind.TIME, DAY, hint="Till exempel 8.30"),
    Question("closes", "Stänger klockan", Kind.TIME, DAY, hint="Till exempel 15.30"),
    Question("lunch", "Hur äter man lunch?", Kind.ONE, DAY, options=LUNCH),
    Question(
        "lunch_price",
        "Vad kostar lunchen?",
        Kind.KRONOR,
        DAY,
        hint="I kronor. Skriv 0 om den inte kostar något.",
    ),
    Question(
        "surroundings", "Är man inne eller ute?", Kind.ONE, PLACE, options=SURROUNDINGS
    ),
    Question("sound", "Hur är det med ljud och folk?", Kind.ONE, PLACE, options=SOUND),
    Question("access", "Vad finns i lokalerna?", Kind.SEVERAL, PLACE, options=ACCESS),
    Question(
        "stop",
        "Vilken är närmaste hållplats?",
        Kind.TEXT,
        PLACE,
        hint="Hållplatsens namn, och linjerna som stannar där.",
        longest=120,
    ),
    Question(
        "stop_metres",
        "Hur långt är det från hållplatsen?",
        Kind.NUMBER,
        PLACE,
        hint="I meter, så som man går.",
        most=20_000,
        unit="meter",
    ),
    Question(
        "travel",
        "Hur åker man hit?",
        Kind.TEXT,
        PLACE,
        hint="Vägen från hållplatsen, parkering, var färdtjänst stannar.",
    ),
    Question(
        "group_size",
        "Hur många är i gruppen?",
        Kind.NUMBER,
        PEOPLE,
        hint="Det vanligaste antalet, med siffror.",
    ),
    Question(
        "staff",
        "Hur många ur personalen är med?",
        Kind.NUMBER,
        PEOPLE,
        hint="Det vanligaste antalet i en grupp, med siffror.",
    ),
    Question("training", "Vad har personalen för utbildning?", Kind.TEXT, PEOPLE),
    Question(
        "languages",
        "Vilka språk talar personalen?",
        Kind.SEVERAL,
        PEOPLE,
        options=LANGUAGES,
    ),
    Question(
        "communication",
        "Vilka sätt att kommunicera kan personalen?",
        Kind.SEVERAL,
        PEOPLE,
        options=COMMUNICATION,
    ),
)
BY_KEY = {question.key: question for question in QUESTIONS}


def in_group(group: str) -> tuple[Question, ...]:
    return tuple(question for question in QUESTIONS if question.group == group)


def chosen_options(question: Question, facts: Facts) -> list[Option]:
    """The ticked answers, in the question's own order."""
    answer = facts.get(question.key)
    ticked = answer if isinstance(answer, list) else [answer]
    return [option for key, option in question.options.items() if key in ticked]


def answer(question: Question, facts: Facts) -> str:
    """The answer in words; empty when there is none.

    >>> answer(BY_KEY["open_days"], {"open_days": ["mon", "fri"]})
    'måndag, fredag'
    """
    if question.options:
        return ", ".join(o.words for o in chosen_options(question, facts))
    value = facts.get(question.key)
    if value is None or value == "":
        return ""
    if question.kind is Kind.KRONOR:
        return "kostar inget" if value == "0" else f"{value} kr"
    return f"{value} {question.unit}".strip()


def days_in_words(days: list[str]) -> str:
    """Weekdays as one says them; at least one.

    >>> days_in_words(["måndag", "tisdag", "onsdag"])
    'måndag till onsdag'
    >>> days_in_words(["måndag", "fredag"])
    'måndag och fredag'
    """
    week = [option.words for option in DAYS.values()]
    first = week.index(days[0])
    if len(days) > 2 and days == week[first : first + len(days)]:
        return f"{days[0]} till {days[-1]}"
    return " och ".join(filter(None, [", ".join(days[:-1]), days[-1]]))
