"""What can go wrong, each with a name and a Swedish message that says what to do."""


class PaymentError(ValueError):
    """Something that must be put right before this can be paid."""

    @property
    def name(self) -> str:
        return type(self).__name__


class NotAnAmount(PaymentError):
    def __init__(self, text: object) -> None:
        super().__init__(
            f"”{text}” är inte ett belopp. "
            "Skriv kronor med högst två decimaler, till exempel 1 234,50."
        )


class AmountTooLarge(NotAnAmount):
    """So many digits are a slip of the keyboard, or a number that is no amount."""

    def __init__(self) -> None:
        PaymentError.__init__(
            self,
            "Beloppet är större än 1 000 000 000 000 kr. Kontrollera siffrorna.",
        )


class NotAMonth(PaymentError):
    def __init__(self, text: object) -> None:
        super().__init__(f"”{text}” är inte en månad. Skriv till exempel 2026-11.")


class BadRule(PaymentError):
    """A rule set that cannot be read or contradicts itself."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"Regeln ”{where}”: {why}")
        self.where, self.why = where, why


class NoExtentClass(PaymentError):
    def __init__(self, value: str) -> None:
        super().__init__(
            f"{value} ligger inte i någon omfattningsklass. "
            "Ändra planen eller klassernas gränser."
        )


class NoBundle(PaymentError):
    def __init__(self, value: str) -> None:
        super().__init__(
            f"{value} ligger inte mellan några av reglernas gränser. "
            "Rätta närvaron eller gränserna."
        )


class MissingHours(PaymentError):
    def __init__(self) -> None:
        super().__init__(
            "Dagen saknar tider, och ersättningen räknas på tid. "
            "Skriv från och till för dagen."
        )


class MissingPlan(PaymentError):
    def __init__(self) -> None:
        super().__init__("Placeringen saknar veckoplan för dagarna. Lägg in en plan.")


class MissingLevel(PaymentError):
    def __init__(self) -> None:
        super().__init__("Ingen fastställd nivå gäller dagarna. Fastställ en nivå.")


class AmbiguousLevel(PaymentError):
    def __init__(self) -> None:
        super().__init__(
            "Flera fastställda nivåer gäller samma dagar. Avsluta den ena."
        )


class MissingRate(PaymentError):
    def __init__(self, level: str, extent_class: str, regi: str) -> None:
        super().__init__(
            f"Prislistan saknar pris för nivå {level}, {extent_class}, {regi} regi. "
            "Besluta en prislista som har priset."
        )


class AmbiguousRate(PaymentError):
    def __init__(self, level: str, extent_class: str, regi: str) -> None:
        super().__init__(
            f"Prislistan har flera priser för nivå {level}, {extent_class}, "
            f"{regi} regi. Besluta en prislista med ett pris."
        )


class NoPriceList(PaymentError):
    def __init__(self) -> None:
        super().__init__("Ingen beslutad prislista gäller dagarna. Besluta en.")


class WrongUnit(PaymentError):
    def __init__(self, unit: str, basis: str) -> None:
        super().__init__(
            f"Priset gäller per {unit} men reglerna räknar per {basis}. "
            "Rätta prislistan eller reglerna."
        )


class MissingAttendance(PaymentError):
    def __init__(self) -> None:
        super().__init__(
            "Närvaron är inte bekräftad. Enheten väntar tills månaden är inlämnad."
        )


class BadAttendance(PaymentError):
    def __init__(self, why: str) -> None:
        super().__init__(f"Närvaron går inte att läsa: {why} Rätta månaden.")


class OutsideContract(PaymentError):
    def __init__(self) -> None:
        super().__init__(
            "Enheten saknar avtal för dagarna. Registrera avtalet eller avsluta "
            "placeringen."
        )


class SameHoursTwice(PaymentError):
    def __init__(self) -> None:
        super().__init__(
            "Samma timmar är planerade på två placeringar. Rätta den ena planen."
        )


class MissingNotice(PaymentError):
    def __init__(self) -> None:
        super().__init__(
            "Dagen då slutet meddelades saknas, och ersättningen efter slutet räknas "
            "från den. Skriv in dagen."
        )


class ReportedTooLate(PaymentError):
    def __init__(self, reported: str, last: str) -> None:
        super().__init__(
            f"Närvaron rapporterades {reported}, efter {last} som var sista dagen. "
            "Ändra regeln om sena rapporter om den ska betalas."
        )


class MissingProof(PaymentError):
    def __init__(self, name: str) -> None:
        super().__init__(f"Tillägget {name} saknar underlag. Skriv dess referens.")


class MissingReason(PaymentError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"Det individuella tillägget {name} saknar belopp, skäl eller slutdag. "
            "Fyll i det som saknas."
        )


class SupplementTwice(PaymentError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"Tillägget {name} är beviljat två gånger för samma dagar. Avsluta det ena."
        )


class NoDayForSupplement(PaymentError):
    def __init__(self, name: str) -> None:
        super().__init__(
            f"Tillägget {name} betalas en gång, i månaden då det börjar, och där har "
            "placeringen ingen dag som räknas. Rätta dagen eller avsluta tillägget."
        )


class UnknownSupplement(PaymentError):
    def __init__(self, code: str) -> None:
        super().__init__(
            f"Tillägget {code} finns inte i ersättningsreglerna med ett belopp för "
            "dagarna. Besluta det eller ta bort det."
        )
