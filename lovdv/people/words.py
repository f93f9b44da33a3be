"""The codes of the tables and the Swedish words that pages show for them."""

from collections.abc import Mapping
from types import MappingProxyType

Words = Mapping[str, str]

NUMBER_KINDS: Words = MappingProxyType(
    {
        "personnummer": "Personnummer",
        "samordningsnummer": "Samordningsnummer",
        "reservnummer": "Reservnummer",
    }
)
PROTECTIONS: Words = MappingProxyType(
    {
        "": "Ingen",
        "sekretessmarkering": "Sekretessmarkering",
        "skyddad_folkbokforing": "Skyddad folkbokföring",
    }
)
MANDATE_KINDS: Words = MappingProxyType(
    {
        "guardian": "Vårdnadshavare",
        "god_man": "God man",
        "forvaltare": "Förvaltare",
        "framtidsfullmakt": "Framtidsfullmaktshavare",
        "formyndare": "Förmyndare",
        "ombud": "Ombud med fullmakt",
    }
)
SCOPES: Words = MappingProxyType(
    {
        "sorja_for_person": "Sörja för person",
        "bevaka_ratt": "Bevaka rätt",
        "forvalta_egendom": "Förvalta egendom",
    }
)
STATUSES: Words = MappingProxyType(
    {
        "in_force": "Gäller",
        "appealed": "Överklagat",
        "replaced": "Ersatt",
        "ended": "Avslutat",
    }
)
CONDITIONS: Words = MappingProxyType(
    {
        "age": "Personen är i yrkesverksam ålder",
        "no_work": "Personen saknar förvärvsarbete",
        "no_studies": "Personen utbildar sig inte",
    }
)
END_REASONS: Words = MappingProxyType(
    {
        "work": "Personen har fått arbete",
        "studies": "Personen studerar",
        "pension": "Personen har gått i pension",
        "moved": "Personen har flyttat från kommunen",
        "deceased": "Personen har avlidit",
        "own_wish": "Personen vill inte längre ha insatsen",
        "need_gone": "Behovet finns inte längre",
    }
)
EVENTS: Words = MappingProxyType(
    {
        "death": "Avliden",
        "death_withdrawn": "Dödsfallet var fel noterat",
        "move": "Flyttar från kommunen",
        "work": "Börjar arbeta",
        "studies": "Börjar studera",
        "pension": "Går i pension",
        "hospital": "Lång sjukhusvistelse",
        "protection": "Skyddade personuppgifter",
        "name": "Nytt namn",
        "number": "Nytt nummer",
    }
)
ANSWERS: Words = MappingProxyType(
    {
        "waiting": "Väntar på svar",
        "accepted": "Ja",
        "declined": "Nej",
        "withdrawn": "Drogs tillbaka",
        "expired": "Inget svar i tid",
    }
)
