"""The Swedish words for who is left out of a round, and what people answered."""

LEFT_OUT = {
    "open": "Har redan en inbjudan som väntar på svar",
    "asked": "Har redan fått frågan i en introduktionsrunda",
    "ending": "Platsen har redan en sista dag",
    "decision": "Beslutet gäller inte",
    "protected": "Skyddade personuppgifter, bjuds in för sig",
}
ANSWERS = {
    "stay": ("Vill vara kvar", "success"),
    "other": ("Valde något annat", "info"),
    "silent": ("Svarade inte, är kvar", "neutral"),
    "late": ("Svarstiden har gått ut", "warning"),
    "waiting": ("Väntar på svar", "info"),
    "outcome": ("Annat utfall", "neutral"),
}
