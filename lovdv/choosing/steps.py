"""The questions on the way to a choice, one a screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lovdv.providers.questions import BY_KEY, Option


@dataclass(frozen=True)
class Step:
    """One question; `keys` are the units' own questions that it asks about."""

    slug: str
    question: str
    lede: str
    picture: str
    keys: tuple[str, ...] = ()

    @property
    def options(self) -> list[tuple[str, Option]]:
        """What can be ticked, as question:answer, with words and picture."""
        return [
            (f"{key}:{value}", option)
            for key in self.keys
            for value, option in BY_KEY[key].options.items()
        ]

    def ticked(self, sent: Sequence[str]) -> dict[str, list[str]]:
        """What was sent, by question; what nobody asked about is left out.

        >>> BY_SLUG["gora"].ticked(["activities:cafe", "activities:x", "lift"])
        {'activities': ['cafe']}
        """
        known = {name for name, _ in self.options}
        found: dict[str, list[str]] = {key: [] for key in self.keys}
        for name in dict.fromkeys(sent):
            if name in known:
                key, _, value = name.partition(":")
                found[key].append(value)
        return found


SEVERAL = "Du får välja flera. Du får också gå vidare utan att välja."
STEPS = (
    Step("gora", "Vad vill du göra på dagarna?", SEVERAL, "palette", ("activities",)),
    Step(
        "plats",
        "Var vill du vara?",
        "Välj ett område, eller att det inte spelar någon roll.",
        "map",
    ),
    Step("behov", "Vad behöver du där?", SEVERAL, "wheelchair", ("access",)),
    Step(
        "prata", "Hur vill du prata?", SEVERAL, "talk", ("communication", "languages")
    ),
    Step(
        "tanka",
        "Vilka vill du tänka på?",
        "Du får välja flera. Du kan ändra dig.",
        "heart",
    ),
    Step("prova", "Vill du besöka eller prova först?", "Du bestämmer.", "walking"),
    Step(
        "valj",
        "Vilken väljer du?",
        "Du får läsa allt en gång till innan du bestämmer dig.",
        "yes",
    ),
)
BY_SLUG: Mapping[str, Step] = {step.slug: step for step in STEPS}
FIRST, FAVOURITES, LAST = STEPS[0].slug, "tanka", STEPS[-1].slug


def number(step: Step) -> int:
    return STEPS.index(step) + 1


def beside(step: Step, by: int) -> str:
    """The step before or after; '' past the ends."""
    index = STEPS.index(step) + by
    return STEPS[index].slug if 0 <= index < len(STEPS) else ""
