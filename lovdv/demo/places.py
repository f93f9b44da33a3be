"""The demo's providers and units: one in own regi and four others, all fictive."""

from dataclasses import dataclass, field

from lovdv.demo import mapped


@dataclass(frozen=True)
class UnitPlan:
    """A unit as data. `share` is how many people in a thousand go there."""

    name: str
    area: str
    street: str
    manager: str
    activities: tuple[str, ...]
    share: int
    text: str
    easy: str
    day: str
    facts: dict[str, object] = field(default_factory=dict)
    room: int = 8  # places left above those who are there


@dataclass(frozen=True)
class ProviderPlan:
    name: str
    organisation_number: str
    counterpart: str
    regi: str
    supplier: str
    account: str
    units: tuple[UnitPlan, ...]


MORNING = "Vi börjar med fika och går igenom dagen. Sedan arbetar vi fram till lunch."
OUTDOORS: dict[str, object] = {"surroundings": "outdoors"}
QUIET: dict[str, object] = {"sound": "quiet", "group_size": "5", "staff": "3"}
COMPANY: dict[str, object] = {"outside_work": "yes", "surroundings": "both"}

OWN = ProviderPlan(
    "Björkhamra kommun, daglig verksamhet",
    "402000-1006",
    "own",
    "intern",
    "90001",
    "4511/3410/5134",
    (
        UnitPlan(
            "Ateljén",
            "Centrum",
            "Storgatan 12",
            "Marianne Ekwall",
            ("paint", "textile", "media"),
            70,
            "Här målar, trycker och väver vi. Två gånger om året ställer vi ut det "
            "vi gjort i stadens bibliotek.",
            "Här målar du och väver.\nVi visar upp det vi har gjort.\nDet är på "
            "biblioteket.",
            f"{MORNING} Efter lunch väljer var och en sin egen teknik.",
        ),
        UnitPlan(
            "Bagarstugan",
            "Norrtull",
            "Kvarngatan 3",
            "Tomas Rönnlund",
            ("kitchen", "cafe"),
            75,
            "Vi bakar bröd och bullar till kommunens kaféer och tar emot gäster i "
            "vårt eget kafé tre dagar i veckan.",
            "Här bakar du bröd och bullar.\nDet kommer gäster till kaféet.",
            "Degen sätts klockan nio. Kaféet är öppet tisdag till torsdag.",
            {"sound": "some", "lunch_price": "45"},
        ),
        UnitPlan(
            "Ekbacken",
            "Skogsbo",
            "Tallbacken 8",
            "Siv Haglund",
            ("senses", "music"),
            110,
            "En lugn verksamhet för den som behöver mycket stöd. Vi arbetar med "
            "musik, vatten, ljus och beröring, i små grupper.",
            "Här är det lugnt.\nDu får mycket hjälp.\nVi har musik, ljus och varmt "
            "vatten.",
            "Dagen följer personens egen takt. Vi vilar efter lunch.",
            {**QUIET, "access": ["wheelchair", "toilet", "lift", "hoist", "rest"]},
        ),
        UnitPlan(
            "Gröna gruppen",
            "Söderängen",
            "Linvägen 40",
            "Patrik Sjödin",
            ("garden", "animals"),
            80,
            "Vi sköter odlingar, höns och två kaniner, och tar hand om parker åt "
            "kommunen under sommaren.",
            "Här är du ute.\nDu odlar och sköter djur.",
            "Vi ser till djuren först. Sedan arbetar vi ute, i alla väder.",
            OUTDOORS,
        ),
        UnitPlan(
            "Hantverkshuset",
            "Västerby",
            "Smedjegatan 17",
            "Lotta Kjellberg",
            ("wood", "textile", "packing"),
            85,
            "Snickeri och sömnad på beställning. Vi lagar möbler och syr väskor som "
            "säljs i butiken Återbruk.",
            "Här snickrar du och syr.\nDet vi gör säljs i en butik.",
            "Arbetet delas ut efter fikat. Alla har en egen plats.",
            {"sound": "lively"},
        ),
        UnitPlan(
            "Kanalen",
            "Centrum",
            "Hamngatan 5",
            "Jörgen Palmér",
            ("media", "office"),
            60,
            "Vi gör film, poddar och en tidning på lättläst svenska, och skannar "
            "handlingar åt kommunens arkiv.",
            "Här arbetar du med dator.\nVi gör film och en tidning.",
            "Redaktionsmöte varje morgon. Sedan arbetar vi två och två.",
        ),
        UnitPlan(
            "Linden",
            "Österlund",
            "Ängsvägen 22",
            "Annika Brodin",
            ("senses", "paint", "kitchen"),
            95,
            "En mindre verksamhet med tydlig dag och samma personal. Många här har "
            "autism och vill veta vad som händer.",
            "Här vet du vad som händer.\nDet är samma personal varje dag.",
            "Ett schema med bilder visar dagen. Ändringar sägs i förväg.",
            {**QUIET, "communication": ["pictures", "signs", "easy"]},
        ),
        UnitPlan(
            "Musikverkstan",
            "Norrtull",
            "Brogatan 9",
            "Henrik Wadman",
            ("music", "theatre"),
            55,
            "Två band, en kör och en teatergrupp. Vi spelar på skolor och torg.",
            "Här spelar du och sjunger.\nVi spelar för publik.",
            "Uppvärmning tillsammans. Sedan repeterar grupperna var för sig.",
            {"sound": "lively"},
        ),
        UnitPlan(
            "Ute på jobb",
            "Centrum",
            "Järnvägsgatan 1",
            "Camilla Hjort",
            ("company", "shop", "office"),
            155,
            "Vi hjälper dig till en plats på ett vanligt företag, ensam eller i en "
            "grupp, och finns kvar som stöd så länge du är där.",
            "Du arbetar på ett företag.\nVi hjälper dig att hitta det.\nVi finns kvar.",
            "Du åker till din arbetsplats. Handledaren kommer dit varje vecka.",
            {**COMPANY, "group_size": "1"},
        ),
        UnitPlan(
            "Återbruk",
            "Västerby",
            "Fabriksgatan 30",
            "Kenth Malmgren",
            ("shop", "recycling", "laundry"),
            85,
            "Butik och verkstad. Vi tar emot kläder, porslin och möbler, tvättar, "
            "lagar och säljer.",
            "Här arbetar du i en butik.\nVi säljer begagnade saker.",
            "Butiken öppnar tio. Före det sorterar och tvättar vi.",
            {"sound": "some"},
        ),
        UnitPlan(
            "Träffen",
            "Söderängen",
            "Parkvägen 4",
            "Eva-Lena Ståhl",
            ("sport", "kitchen", "paint"),
            40,
            "För dig som är äldre eller vill ta det lugnt. Promenader, matlagning "
            "och samtal.",
            "Här tar vi det lugnt.\nVi går ut och lagar mat.",
            "Vi bestämmer dagen tillsammans vid fikat.",
            {**QUIET, "opens": "9.30", "closes": "14.30"},
            room=0,
        ),
    ),
)

OTHERS = (
    ProviderPlan(
        "Solhöjden Omsorg AB",
        "402000-2004",
        "company",
        "extern",
        "20417",
        "4631/3410/5134",
        (
            UnitPlan(
                "Solhöjden Centrum",
                "Centrum",
                "Magasinsgatan 2",
                "Nadja Ferm",
                ("media", "paint", "cafe"),
                26,
                "Ateljé, studio och ett litet kafé i samma hus. Du provar dig fram "
                "de första veckorna.",
                "Här finns ateljé, studio och kafé.\nDu provar vad du tycker om.",
                f"{MORNING} Eftermiddagen är fri att välja.",
            ),
            UnitPlan(
                "Solhöjden Trädgård",
                "Söderängen",
                "Humlegatan 51",
                "Ali Rostami",
                ("garden", "kitchen"),
                20,
                "Växthus, handelsträdgård och ett kök där vi lagar av det vi odlar.",
                "",
                "Vattning och skörd på morgonen, kök eller butik efter lunch.",
                OUTDOORS,
            ),
        ),
    ),
    ProviderPlan(
        "Kooperativet Vågen ekonomisk förening",
        "402000-3002",
        "association",
        "extern",
        "20533",
        "4632/3410/5134",
        (
            UnitPlan(
                "Vågen",
                "Österlund",
                "Sjögatan 14",
                "Britta Sandahl",
                ("wood", "sport", "company"),
                22,
                "Ett kooperativ vid sjön. Vi bygger båtar, hyr ut kanoter och sköter "
                "bad och bryggor åt kommunen.",
                "Här bygger du båtar.\nVi är vid sjön.",
                "Ute på sommaren, i verkstaden på vintern.",
                {**COMPANY, "lunch": "own", "lunch_price": "0"},
            ),
        ),
    ),
    ProviderPlan(
        "Stiftelsen Lyktan",
        "402000-4000",
        "association",
        "extern",
        "20610",
        "4632/3410/5134",
        (
            UnitPlan(
                "Lyktan",
                "Skogsbo",
                "Granvägen 6",
                "Johannes Thorell",
                ("senses", "music", "animals"),
                18,
                "En liten verksamhet på landet med hästar, musik och varm bassäng. "
                "Personal med lång erfarenhet av flerfunktionsnedsättning.",
                "Här finns hästar och musik.\nDu får bada i varmt vatten.",
                "Hästarna på förmiddagen, vila, musik på eftermiddagen.",
                {**QUIET, "access": ["wheelchair", "toilet", "lift", "hoist", "rest"]},
            ),
        ),
    ),
    ProviderPlan(
        "Norrtulls Media och Service AB",
        "402000-5007",
        "company",
        "extern",
        "20744",
        "4631/3410/5134",
        (
            UnitPlan(
                "Medialabbet",
                "Norrtull",
                "Klockargatan 19",
                "Sanna Ivarsdotter",
                ("media", "office", "company"),
                24,
                "Digitalt arbete på riktiga uppdrag: webb, bild, ljud och "
                "registrering. Många går vidare till en plats på ett företag.",
                "Här arbetar du med dator, bild och ljud.\nDu kan få plats på ett "
                "företag.",
                "Uppdragen delas ut på måndagen. Var och en har sin egen lista.",
                COMPANY,
            ),
        ),
    ),
)

PROVIDERS = (OWN, *OTHERS)

USUAL_FACTS: dict[str, object] = {
    "open_days": ["mon", "tue", "wed", "thu", "fri"],
    "opens": "8.30",
    "closes": "15.30",
    "lunch": "both",
    "lunch_price": "55",
    "outside_work": "no",
    "surroundings": "indoors",
    "sound": "some",
    "access": ["wheelchair", "toilet", "lift"],
    "group_size": "8",
    "staff": "3",
    "training": "Stödassistent eller undersköterska. Alla kan lågaffektivt bemötande.",
    "languages": ["sv", "en"],
    "communication": ["pictures", "signs"],
}


def facts(unit: UnitPlan) -> dict[str, object]:
    """The unit's answers to the questions that every unit is asked."""
    return {
        **USUAL_FACTS,
        "activities": list(unit.activities),
        "a_day": unit.day,
        **mapped.stop(unit.name, unit.street, unit.area),
        "travel": "Färdtjänst stannar vid dörren. Det finns två platser för bilar.",
        **unit.facts,
    }
