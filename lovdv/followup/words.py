"""What the log's actions are called on the page of the log."""

# The beginning of an action and its words; the first that fits counts.
ACTIONS = (
    ("person.search", "Sökte"),
    ("person.exists", "Såg att ärendet finns"),
    ("person.circle", "Läste om företrädare"),
    ("person.", "Läste personens sida"),
    ("number.reveal", "Visade hela numret"),
    ("decision.", "Läste beslutet"),
    ("assessment.", "Läste en bedömning"),
    ("level.", "Läste nivån"),
    ("visit.", "Läste om ett besök"),
    ("choice.", "Läste valet"),
    ("support.", "Läste om stöd att välja"),
    ("order.", "Läste en beställning"),
    ("placement.", "Läste placeringen"),
    ("attendance.", "Läste närvaron"),
    ("line.", "Läste en ersättningsrad"),
    ("basis.", "Läste ett ersättningsunderlag"),
    ("remark.", "Läste en synpunkt"),
)


def told(action: str) -> str:
    """The words; an action without any is shown as it is written."""
    return next((w for start, w in ACTIONS if action.startswith(start)), action)
