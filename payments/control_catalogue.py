"""Every control: what it looks for, what it asks of people, and what can be tuned."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

DECIDES, LISTS, OFF = "decides", "lists", "off"
"""Somebody must decide on each finding; they are only shown; it does not look."""


@dataclass(frozen=True, slots=True)
class Knob:
    """A whole number that a municipality may turn within limits."""

    name: str
    label: str
    default: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Control:
    """One control; a fixed one is never tuned, since nothing is paid without it."""

    key: str
    title: str
    looks_for: str
    effect: str = DECIDES
    knobs: tuple[Knob, ...] = ()
    fixed: bool = False

    @property
    def defaults(self) -> Mapping[str, int]:
        return MappingProxyType({knob.name: knob.default for knob in self.knobs})


_LISTED = (
    Control(
        "total",
        "Summan stämmer inte",
        "Körningens summa är en annan än raderna tillsammans.",
        fixed=True,
    ),
    Control(
        "same_hours",
        "Samma tider på två placeringar",
        "Samma person har rapporterats på två ställen vid samma klockslag, också i "
        "ett annat valfrihetssystem.",
    ),
    Control(
        "same_day_twice",
        "Samma dag på två placeringar",
        "Samma person har två placeringar samma dag, men inte vid samma klockslag.",
        LISTS,
    ),
    Control(
        "after_death",
        "Efter dödsfall",
        "Betalning eller närvaro efter att personen har avlidit.",
    ),
    Control(
        "after_end",
        "Efter placeringens slut",
        "Raden har dagar efter att placeringen har slutat.",
    ),
    Control(
        "outside_period",
        "Utanför placeringens betalda tid",
        "Raden har dagar före eller efter den tid som ska betalas.",
    ),
    Control(
        "outside_contract",
        "Utanför avtalet",
        "Raden har dagar då inget avtal omfattar enheten.",
    ),
    Control(
        "outside_permit",
        "Utanför tillståndet",
        "Enheten saknar uppgift om tillstånd från IVO, eller raden har dagar före "
        "eller efter den tid enheten får vara igång.",
    ),
    Control(
        "outside_decision",
        "Utanför beslutet",
        "Raden har dagar som personens beslut inte täcker.",
    ),
    Control(
        "elsewhere",
        "Närvaro under vistelse någon annanstans",
        "Närvaro en dag då en placering vilar, till exempel under en sjukhusvistelse, "
        "eller då insatsen är avbruten.",
    ),
    Control(
        "above_maximum",
        "Fler än tillståndet eller taket",
        "Fler personer samtidigt på en enhet, en förmiddag eller eftermiddag, än "
        "tillståndet eller kapacitetstaket anger.",
        knobs=(Knob("over", "Så många över det högsta antalet godtas", 0, 0, 50),),
    ),
    Control(
        "closed_day",
        "Betald stängd dag",
        "Raden betalar dagar då det var stängt, enligt en regel.",
    ),
    Control(
        "closed_attended",
        "Närvaro på helg eller stängd dag",
        "Närvaro en stängd dag, eller en lördag eller söndag som inte är planerad.",
    ),
    Control(
        "outside_plan",
        "Närvaro utanför planen",
        "Närvaro en dag som inte är planerad.",
    ),
    Control(
        "fixed_data",
        "Fasta uppgifter har ändrats",
        "Leverantörsnummer, konto, organisationsnummer, referens, motpart, moms, "
        "avtalstid, enheter eller tillstånd är annat än i förra körningen, eller "
        "betalningsmottagaren är ny.",
    ),
    Control(
        "terms_changed",
        "Priser eller regler har ersatts",
        "En prislista eller en ersättningsregel som gäller månaden, eller en "
        "tidigare, är beslutad efter förra körningen.",
        LISTS,
    ),
    Control(
        "left_provider",
        "Utförare som har slutat får betalt",
        "Betalning till någon vars sista avtal hade slutat före månaden.",
    ),
    Control(
        "missing_attendance",
        "Närvaro saknas",
        "Närvaron är inte bekräftad, så raden betalas inte.",
        LISTS,
        fixed=True,
    ),
    Control(
        "missing_rate",
        "Pris saknas",
        "Prislistan har inget entydigt pris, så raden betalas inte.",
        LISTS,
        fixed=True,
    ),
    Control(
        "stopped",
        "Stoppad rad",
        "Något annat gör att raden inte går att räkna eller betala.",
        LISTS,
        fixed=True,
    ),
    Control(
        "unusual_amount",
        "Ovanligt belopp för placeringen",
        "Mer än placeringen har fått någon av de senaste månaderna, och längre från "
        "mittvärdet än beloppen brukar ligga.",
        knobs=(
            Knob("months", "Antal månader att jämföra med", 6, 3, 24),
            Knob("spreads", "Så många gånger den vanliga avvikelsen", 5, 1, 50),
            Knob("percent", "Minst så många procent över mittvärdet", 30, 1, 1000),
            Knob("least", "Minst så många kronor över mittvärdet", 2000, 0, 1_000_000),
        ),
    ),
    Control(
        "unusual_unit",
        "Ovanligt belopp för enheten",
        "Mer än enheten har fått någon av de senaste månaderna, och längre från "
        "mittvärdet än beloppen brukar ligga.",
        LISTS,
        knobs=(
            Knob("months", "Antal månader att jämföra med", 6, 3, 24),
            Knob("spreads", "Så många gånger den vanliga avvikelsen", 4, 1, 50),
            Knob("percent", "Minst så många procent över mittvärdet", 25, 1, 1000),
            Knob(
                "least", "Minst så många kronor över mittvärdet", 20_000, 0, 10_000_000
            ),
        ),
    ),
    Control(
        "more_than_before",
        "Mycket mer än månaderna före",
        "Mycket mer än placeringen har fått någon av månaderna före, den första "
        "månaden oräknad.",
        knobs=(
            Knob("months", "Antal månader att jämföra med", 3, 1, 24),
            Knob("percent", "Mer än så många procent", 50, 1, 1000),
            Knob("least", "Och minst så många kronor", 5000, 0, 1_000_000),
        ),
    ),
    Control(
        "whole_months",
        "Flera månader helt utan avvikelse",
        "Varje planerad dag är närvaro, månad efter månad.",
        knobs=(Knob("months", "Antal månader i rad", 6, 2, 24),),
    ),
    Control(
        "identical_days",
        "Två personer med exakt samma dagar",
        "Två personer på samma enhet har samma frånvaro dag för dag hela månaden.",
        LISTS,
        knobs=(Knob("least", "Minst så många frånvarodagar lika", 4, 1, 31),),
    ),
    Control(
        "late_report",
        "Rapporterat långt efteråt",
        "Månaden bekräftades första gången långt efter att den var slut.",
        LISTS,
        knobs=(Knob("days", "Antal dagar efter månadens slut", 60, 1, 730),),
    ),
    Control(
        "changed_after",
        "Ändrat efter att månaden var bekräftad",
        "Närvaron har ändrats efter förra körningen så att mer betalas.",
        knobs=(Knob("least", "Minst så många kronor mer", 500, 0, 1_000_000),),
    ),
    Control(
        "sample",
        "Urval att gå igenom",
        "Rader som dragits slumpvis, oftare där risken är större. Någon ska se "
        "närvaron, beslutet och planen.",
        knobs=(
            Knob("size", "Antal rader", 20, 1, 1000),
            Knob("cochran", "Räkna fram antalet (1 ja, 0 nej)", 0, 0, 1),
            Knob("confidence", "Säkerhet i procent: 90, 95 eller 99", 95, 90, 99),
            Knob("margin", "Felmarginal i procent", 5, 1, 50),
            Knob("history", "Extra vikt per rad som hållits inne, %", 50, 0, 1000),
            Knob("changed", "Extra vikt vid ändrade fasta uppgifter, %", 200, 0, 1000),
            Knob("untouched", "Extra vikt vid månader utan avvikelse, %", 100, 0, 1000),
        ),
    ),
    Control(
        "held_before",
        "Hölls inne i en tidigare körning",
        "Det som hölls inne i en tidigare körning hålls inne tills någon beslutar.",
        fixed=True,
    ),
)

CONTROLS: Mapping[str, Control] = MappingProxyType({one.key: one for one in _LISTED})
"""By key, in the order in which they are shown."""

NOT_PAID = frozenset({"missing_attendance", "missing_rate", "stopped"})
"""What these find is not paid, whatever anybody decides."""

TITLES: Mapping[str, str] = MappingProxyType({one.key: one.title for one in _LISTED})
