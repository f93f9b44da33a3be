"""What a template's field may take its value from, and what those values are."""

from collections.abc import Mapping
from types import MappingProxyType

TEXT, AMOUNT, NUMBER, WHOLE, DAY = "text", "amount", "number", "whole", "day"

OF_RUN: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "körning": ("Körningens nummer", TEXT),
        "bokföringsperiod": ("Bokföringsperiod, månadens första dag", DAY),
        "bokföringsdag": ("Bokföringsdag, månadens sista dag", DAY),
        "skapad": ("Dagen då körningen exporterades", DAY),
        "kommun": ("Kommunens namn", TEXT),
        "kommunens_organisationsnr": ("Kommunens organisationsnummer", TEXT),
    }
)
"""Stands in every row, and in header and footer."""

OF_ROW: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "radnr": ("Radens nummer i filen", WHOLE),
        "verifikation": ("Verifikationens nummer i filen", WHOLE),
        "rad": ("Radens nummer i lovdv", TEXT),
        "avser_period": ("Månaden som raden gäller, första dagen", DAY),
        "utförare": ("Utförarens namn", TEXT),
        "organisationsnr": ("Utförarens organisationsnummer", TEXT),
        "leverantörsnr": ("Leverantörsnummer", TEXT),
        "motpart": ("Utförarens juridiska form", TEXT),
        "enhet": ("Enhetens namn", TEXT),
        "placeringsnr": ("Placeringsnummer", TEXT),
        "lagrum": ("Lagrum", TEXT),
        "nivå": ("Nivå", TEXT),
        "omfattningsklass": ("Omfattningsklass", TEXT),
        "prisenhet": ("Prisenhet, dag eller månad", TEXT),
        "antal": ("Antal", NUMBER),
        "à_pris": ("À-pris i kronor", AMOUNT),
        "belopp": ("Belopp i kronor", AMOUNT),
        "belopp_öre": ("Belopp i hela ören", WHOLE),
        "radtyp": ("Ersättning, återföring eller rättelse", TEXT),
        "rättar_rad": ("Raden som återförs", TEXT),
        "slag": ("Slag: plats, tillägg eller annat", TEXT),
        "konto": ("Konto", TEXT),
        "ansvar": ("Ansvar", TEXT),
        "verksamhet": ("Verksamhet", TEXT),
        "motpartskod": ("Motpart", TEXT),
        "projekt": ("Projekt", TEXT),
        "aktivitet": ("Aktivitet", TEXT),
        "fri": ("Fri koddel", TEXT),
        "motkonto": ("Motkonto", TEXT),
        "momsersättning": ("Momsersättningsgrundande, J eller N", TEXT),
        "momsunderlag": ("Underlag för momsersättning", AMOUNT),
        "momsprocent": ("Momsersättning i procent", WHOLE),
        "momsbelopp": ("Momsersättning i kronor", AMOUNT),
        "beställarreferens": ("Beställarreferens", TEXT),
        "prislista": ("Prislista", TEXT),
        "text": ("Radtext: slag och månad", TEXT),
    }
)

OF_WHOLE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "summa": ("Summan av beloppen", AMOUNT),
        "summa_plus": ("Summan av beloppen över noll", AMOUNT),
        "summa_minus": ("Summan av beloppen under noll", AMOUNT),
        "antal_rader": ("Antalet rader", WHOLE),
    }
)
"""Stands in header and footer only."""

ROW_SOURCES = MappingProxyType({**OF_RUN, **OF_ROW})
END_SOURCES = MappingProxyType({**OF_RUN, **OF_WHOLE})

LINE_ONLY = frozenset(
    {
        "rad",
        "enhet",
        "placeringsnr",
        "nivå",
        "omfattningsklass",
        "prisenhet",
        "antal",
        "à_pris",
        "rättar_rad",
        "prislista",
        "slag",
    }
)
"""Known of a single line; a row that sums several has none of them."""
