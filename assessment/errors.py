"""What can go wrong, each with its message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault in a file: where it is, what is wrong and what to do."""

    place: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.problem} {self.remedy}"


class UnreadableInstrumentError(ValueError):
    """The instrument cannot be used; every fault is listed."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class UnusableTableError(ValueError):
    """The answers file cannot be scored at all; every fault is listed."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class NoSuchQuestionError(LookupError):
    """The instrument has no question, scale or level with that name."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Instrumentet har ingen del som heter {name!r}. "
            "Kontrollera att du använder rätt version."
        )


class UnreadableSignatureError(ValueError):
    """The text is not a signed assessment in canonical form."""

    def __init__(self) -> None:
        super().__init__(
            "Texten är inte en signerad bedömning i sin fastställda form. "
            "Hämta den på nytt ur databasen och jämför kontrollsumman."
        )
