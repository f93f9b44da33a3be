"""Somebody who types a whole instrument into the editor, as a hand would."""

from typing import Any

from tests.browser.reader import Reader

Part = dict[str, Any]
CHOSEN = {
    "ascending": "Fler poäng är större behov av stöd",
    "descending": "Fler poäng är mindre behov av stöd",
    "points": "Poängsumman",
    "share": "Summan i procent av det högsta möjliga",
    "floor": "Golv: nivån blir minst den här",
    "fixed": "Flagga: nivån blir alltid den här",
}


def shown(number: str) -> str:
    return number.replace(".", ",")


class Typist:
    """Enters each part on its page and presses Spara; reads nothing but the pages."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.overview = ""
        self.asked: dict[str, str] = {}

    def enter(self, document: Part) -> None:
        self.begin(document)
        for scale in document["scales"]:
            self._scale(scale)
        for domain in document["domains"]:
            self._domain(domain)
        self._levels(document)
        for rule in document.get("rules") or ():
            self._rule(rule, "Lägg till en regel")
        for decision in document.get("decisions") or ():
            self._rule(decision, "Lägg till en rad")
        for table in document.get("tables") or ():
            self._table(table)
        self._intervals(document.get("reassessment") or ())
        self.reader.sees("Inga fel. Utkastet går att publicera.")

    def begin(self, document: Part) -> None:
        reader = self.reader
        reader.open("/instrument/ny")
        reader.press("Börja med ett tomt utkast")
        reader.fill("Vad instrumentet heter", document["title"])
        reader.fill("Version", document["version"])
        reader.fill("Källa", document["source"])
        reader.fill("Det läsaren behöver veta", document.get("text", ""))
        reader.tick(CHOSEN[document.get("direction", "ascending")])
        reader.tick(CHOSEN[document.get("basis", "points")])
        if document.get("irrelevant_lowers_maximum"):
            reader.tick("”Ej relevant” sänker det högsta möjliga")
        reader.fill("Kort namn", document["id"])
        self._save()
        self._home()
        self.overview = reader.page.url.removeprefix(reader.address)

    def _save(self) -> None:
        self.reader.press("Spara")
        self.reader.sees("Sparat.")

    def _home(self) -> None:
        self.reader.follow("Till utkastet")

    def _row(self, heading: str, number: int, value: str | None) -> None:
        if value:
            box = self.reader.main().get_by_label(
                f"{heading}, rad {number}", exact=True
            )
            box.fill(value)

    def _room(self, heading: str, number: int) -> None:
        """A new row comes when what is there has been saved."""
        box = self.reader.main().get_by_label(f"{heading}, rad {number}", exact=True)
        if box.count() == 0:
            self._save()

    def _scale(self, scale: Part) -> None:
        self.reader.press("Lägg till en skala")
        for number, step in enumerate(scale["steps"], 1):
            self._room("Svar", number)
            self._row("Svar", number, step["code"])
            self._row("Poäng", number, shown(step["points"]))
            self._row("Betyder", number, step["label"])
        self.reader.fill("Skalans namn", scale["id"])
        self._save()
        self._home()

    def _domain(self, domain: Part) -> None:
        reader = self.reader
        reader.press("Lägg till ett område")
        reader.fill("Områdets rubrik", domain["title"])
        reader.fill("Vad området handlar om", domain.get("text", ""))
        reader.fill("Kort namn", domain["id"])
        self._save()
        reader.press("Lägg till en fråga")
        for number, question in enumerate(domain["questions"], 1):
            self._question(question, domain["title"])
            if number < len(domain["questions"]):
                reader.press("Spara och skriv nästa fråga")
        self._save()
        self._home()

    def _question(self, question: Part, domain: str) -> None:
        reader = self.reader
        reader.fill("Frågan", question["text"])
        self._pick("Skala", f"{question['scale']}:")
        reader.fill("Kort namn", question["id"])
        reader.fill("Vikt", shown(question.get("weight", "1")))
        required = reader.main().get_by_label("Frågan måste besvaras", exact=True)
        required.set_checked(question.get("required", True))
        relevant = reader.main().get_by_label("”Ej relevant” är ett möjligt svar")
        relevant.set_checked(question.get("may_be_irrelevant", False))
        self.asked[f"question:{question['id']}"] = question["text"]
        if question.get("descriptions") or question.get("shown_when"):
            self._save()
            self._conditions(question.get("shown_when") or ())
            for code, text in (question.get("descriptions") or {}).items():
                label = reader.main().get_by_label(f"Svar {code}, ")
                label.fill(text)

    def _pick(self, label: str, begins: str) -> None:
        """Choose in a list by how the option begins."""
        self._chosen(self.reader.main().get_by_label(label, exact=True), begins)

    def _chosen(self, box: Any, begins: str) -> None:
        texts = [text.strip() for text in box.locator("option").all_inner_texts()]
        box.select_option(label=next(text for text in texts if text.startswith(begins)))

    def _subject(self, part: Part) -> str:
        if part.get("total"):
            return "Hela summan"
        if part.get("domain"):
            return "Summan i "
        return self.asked[f"question:{part['question']}"][:60]

    def _conditions(self, conditions: Any) -> None:
        for number, condition in enumerate(conditions, 1):
            self._room("Vad", number)
            box = self.reader.main().get_by_label(f"Vad, rad {number}", exact=True)
            self._chosen(box, self._subject(condition))
            self._row("Minst", number, shown(condition.get("at_least") or ""))
            self._row("Högst", number, shown(condition.get("at_most") or ""))

    def _levels(self, document: Part) -> None:
        self.reader.follow("Ändra nivåer")
        for number, level in enumerate(document["levels"], 1):
            self._room("Nivå", number)
            self._row("Nivå", number, level["label"])
            self._row("Prisnivå", number, level["price_level"])
            self._row("Betyder", number, level.get("text"))
        self._save()
        self._home()
        if document.get("limits"):
            self._limits(document["limits"])

    def _limits(self, limits: list[Part]) -> None:
        main = self.reader.main()
        self.reader.follow("Ändra gränser")
        for number, limit in enumerate(limits, 1):
            main.get_by_label(f"Nivå, rad {number}", exact=True).select_option(
                label=limit["level"]
            )
            self._row("Från", number, shown(limit.get("from") or ""))
            self._row("Till", number, shown(limit.get("to") or ""))
            for side, name in (("Från", "from"), ("Till", "to")):
                main.get_by_label(
                    f"{side} räknas med, rad {number}", exact=True
                ).set_checked(bool(limit.get(f"{name}_included")))
        self._save()
        self._home()

    def _rule(self, rule: Part, button: str) -> None:
        reader = self.reader
        reader.press(button)
        if "kind" in rule:
            reader.tick(CHOSEN[rule["kind"]])
        reader.choose("Nivå", rule["level"])
        reader.fill("Regeln i ord" if "kind" in rule else "Raden i ord", rule["text"])
        reader.fill("Kort namn", rule["id"])
        self._conditions(rule.get("when") or ())
        self._save()
        self._home()

    def _table(self, table: Part) -> None:
        reader, main = self.reader, self.reader.main()
        reader.press("Lägg till en tabell")
        reader.fill("Tabellen i ord", table["text"])
        reader.fill("Kort namn", table["id"])
        for place, key in enumerate(table["keys"], 1):
            self._chosen(
                main.get_by_label(f"Nyckel {place} ser på", exact=True),
                self._subject(key),
            )
            self._bands(place, key["bands"])
            self._save()
        reader.press("Spara och välj nivåer")
        for row in table["rows"]:
            label = f"Nivå för {', '.join(row['bands'])}"
            main.get_by_label(label, exact=True).select_option(label=row["level"])
        self._save()
        self._home()

    def _bands(self, place: int, bands: list[Part]) -> None:
        for number, band in enumerate(bands, 1):
            group = self.reader.main().get_by_role("group", name=f"Nyckel {place}")
            label = f"Namn, rad {number}"
            if group.get_by_label(label, exact=True).count() == 0:
                self._save()
            group.get_by_label(label, exact=True).fill(band["label"])
            for heading, name in (("Minst", "at_least"), ("Högst", "at_most")):
                group.get_by_label(f"{heading}, rad {number}", exact=True).fill(
                    shown(band.get(name) or "")
                )

    def _intervals(self, intervals: Any) -> None:
        if not intervals:
            return
        self.reader.open(f"{self.overview}/ny-bedomning")
        for number, interval in enumerate(intervals, 1):
            self._room("Från och med ålder", number)
            self._row("Från och med ålder", number, interval["from_age"])
            self._row("Månader till nästa bedömning", number, interval["months"])
        self._save()
        self._home()
