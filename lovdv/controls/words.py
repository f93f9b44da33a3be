"""What pages and files call the effects and the decisions of controls."""

EFFECTS = {
    "decides": "Kräver beslut",
    "lists": "Visas bara",
    "off": "Avstängd",
}
DECISIONS = {"pay": "Betala ändå", "hold": "Håll inne tills vidare"}
DECIDED = {"pay": "Betalas", "hold": "Hålls inne"}
