"""Two fictive cases of our own; free to use and change, about nobody."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Example:
    """A case that ships with lovdv; `series` keeps it from being added twice."""

    series: str
    title: str
    text: str


EXAMPLES = (
    Example(
        series="exempel-alva",
        title="Alva i keramiken",
        text=(
            "Alva är 27 år och har en lindrig intellektuell funktionsnedsättning. Hon "
            "arbetar i en keramikgrupp fyra dagar i veckan och åker dit själv med "
            "buss. Om bussen är inställd ringer hon till gruppen och frågar vad hon "
            "ska göra.\n\n"
            "Alva lär sig nya moment när någon visar två eller tre gånger. Hon har en "
            "lista med bilder på väggen och följer den. Kommer något oväntat slutar "
            "hon arbeta och väntar tills någon märker det. Det händer ungefär en gång "
            "i veckan.\n\n"
            "Hon pratar gärna vid fikat. När många pratar samtidigt blir hon trött och "
            "går undan. Hon säger till när hon har ont, men inte när hon inte har "
            "förstått.\n\n"
            "Alva äter och går på toaletten själv. Hon glömmer ofta att tvätta "
            "händerna efter leran och behöver bli påmind. Hon har epilepsi, har inte "
            "haft något anfall på tre år och tar sin medicin hemma."
        ),
    ),
    Example(
        series="exempel-bo",
        title="Bo och musiken",
        text=(
            "Bo är 44 år. Han har en måttlig intellektuell funktionsnedsättning och "
            "autism. Han förstår korta meningar tillsammans med bilder eller föremål. "
            "Själv använder han ett tiotal tecken och leder den som ska hjälpa honom "
            "i handen.\n\n"
            "Bo går till sin dagliga verksamhet fem dagar i veckan och hämtas av en "
            "buss där en personal är med. Han känner igen vägen men går rakt ut i "
            "gatan om ingen håller i honom.\n\n"
            "Han sorterar noter och spelar trumma i en grupp med tre personer. En "
            "personal sitter bredvid och visar varje steg. Är dagen som vanligt "
            "arbetar han tjugo minuter i taget. Vid ändringar blir han orolig, ropar "
            "och slår sig själv på låret. Det händer två eller tre gånger i veckan och "
            "går över på en kvart om någon han känner är hos honom.\n\n"
            "Bo äter själv när maten är delad och någon sitter med, för annars äter "
            "han för fort och sätter i halsen. Han behöver hjälp med kläderna på "
            "toaletten och med att tvätta sig. Han visar inte att han har ont, men "
            "blir stilla och vill inte spela."
        ),
    ),
)
