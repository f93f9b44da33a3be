"""The Swedish words for what became of a choice."""

KINDS = {
    "chosen": "Val",
    "rechoice": "Omval",
    "stay": "Vill vara kvar",
    "no_choice": "Icke-val",
    "does_not_want": "Vill inte börja",
    "wants_to_wait": "Vill vänta",
    "not_reached": "Nås inte",
    "cannot_express": "Kan inte uttrycka sitt val och saknar företrädare",
}
