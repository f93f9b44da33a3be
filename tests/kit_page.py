"""A page as a test reads it: parsed strictly, searched by what a reader sees."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import html5lib
import lxml.html
from html5lib.constants import E as REASONS
from lxml.html import HtmlElement as Element

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
POINTERS = ("for", "aria-labelledby", "aria-describedby", "aria-controls")
LABELLED = ("input", "select", "textarea")
WITHOUT_TOKEN = (
    "/visning",
    "/verksamheter/spara",
    "/verksamheter/ta-med",
    "/tillganglighet/beratta",
)
UNLABELLED = ("hidden", "submit", "button", "reset", "image")


class BrokenPage(AssertionError):
    """The page is not well-formed, or breaks a rule that every page keeps."""


@dataclass
class Form:
    """A form with what a browser would send, ready to be filled."""

    action: str
    method: str
    fields: dict[str, list[str]]
    names: set[str]
    element: Element

    def filled(self, values: dict[str, object]) -> dict[str, object]:
        unknown = set(values) - self.names
        assert not unknown, f"no such field: {sorted(unknown)} among {self.names}"
        sent: dict[str, object] = dict(self.fields)
        for name, value in values.items():
            if value is None:
                sent.pop(name, None)
            else:
                sent[name] = value
        return sent


@dataclass
class Page:
    """One parsed page."""

    html: str = field(repr=False)
    tree: Element = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.tree = lxml.html.document_fromstring(self.html)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Every element with the tag and exactly these attributes, in page order."""
        wanted = {
            name.strip("_").replace("_", "-"): v for name, v in attributes.items()
        }
        return [
            element
            for element in self.tree.iter()
            if element.tag == tag
            and all(element.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} <{tag}> {attributes}, not one"
        return found[0]

    @property
    def title(self) -> str:
        return text_of(self.one("title"))

    @property
    def heading(self) -> str:
        return text_of(self.one("h1"))

    @property
    def text(self) -> str:
        """What stands in the page's main part."""
        return text_of(self.one("main"))

    @property
    def errors(self) -> list[str]:
        """The messages in the error summary, in order."""
        return [
            text_of(item)
            for summary in self.tree.iter()
            if "ds-error-summary" in classes(summary)
            for item in summary.iter("li")
        ]

    @property
    def links(self) -> dict[str, str]:
        """Link text to address; the first of equal texts."""
        found: dict[str, str] = {}
        for link in self.tree.iter("a"):
            found.setdefault(text_of(link), link.get("href", ""))
        return found

    def table(self, number: int = 0) -> list[list[str]]:
        """The body rows of one table as texts."""
        body = list(self.tree.iter("tbody"))[number]
        return [
            [text_of(cell) for cell in row if cell.tag in {"td", "th"}]
            for row in body.iter("tr")
        ]

    def form(self, containing: str | None = None, *, action: str = "") -> Form:
        """The form in the main part, or the one with a field, button or address."""
        found = [
            form
            for form in map(as_form, self.one("main").iter("form"))
            if (containing is None or containing in form.names)
            and (not action or form.action == action)
        ]
        assert len(found) == 1, (
            f"{len(found)} forms with {containing or action!r}, not one: "
            f"{[form.action for form in found]}"
        )
        return found[0]


def classes(element: Element) -> list[str]:
    return (element.get("class") or "").split()


def text_of(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def as_form(element: Element) -> Form:
    fields: dict[str, list[str]] = {}
    names: set[str] = set()
    for name, values in _controls(element):
        names.add(name)
        if values:
            fields.setdefault(name, []).extend(values)
    return Form(
        action=element.get("action", ""),
        method=element.get("method", "get").lower(),
        fields=fields,
        names=names,
        element=element,
    )


def _controls(form: Element) -> Iterator[tuple[str, list[str]]]:
    for control in form.iter():
        name = control.get("name")
        if name and control.get("disabled") is None:
            yield name, _sent(control)


def _sent(control: Element) -> list[str]:
    """What a browser sends for a control that nobody has touched."""
    if control.tag == "textarea":
        return [(control.text or "").removeprefix("\n")]
    if control.tag == "select":
        return _selected(control)
    kind = control.get("type", "text")
    if control.tag != "input" or kind in {"submit", "button", "file", "image"}:
        return []
    if kind in {"checkbox", "radio"} and control.get("checked") is None:
        return []
    return [control.get("value", "on" if kind in {"checkbox", "radio"} else "")]


def _selected(control: Element) -> list[str]:
    options = list(control.iter("option"))
    chosen = [option for option in options if option.get("selected") is not None]
    if not chosen and control.get("multiple") is None:
        chosen = options[:1]
    return [option.get("value", text_of(option)) for option in chosen]


def check(html: str) -> Page:
    """Parse a page, or say everything that is wrong with it."""
    page = Page(html)
    faults = [*_errors(html), *_rules(page)]
    if faults:
        raise BrokenPage("\n".join(faults))
    return page


WORDS = re.compile(r'"[^"&]*"|>[^<&]*(?=<)')
_whole: set[int] = set()


def _errors(html: str) -> list[str]:
    """What a strict parser objects to, in markup that it has not found whole before.

    It is slow, and the words on a page and in its attributes cannot break it: only
    tags, attribute names and what has a & are looked at once more.
    """
    shape = hash(WORDS.sub(">", html))
    if shape in _whole:
        return []
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    parser.parse(html)
    if not parser.errors:
        _whole.add(shape)
    return [
        f"line {line}: {REASONS[code] % values}"
        for (line, _), code, values in parser.errors
    ]


def _rules(page: Page) -> Iterator[str]:
    yield from _frame(page)
    yield from _ids(page)
    yield from _inline(page)
    yield from _labels(page)
    yield from _headings(page)
    yield from _forms(page)


def _frame(page: Page) -> Iterator[str]:
    if page.tree.get("lang") != "sv":
        yield "html has no lang='sv'"
    if not any(text_of(title) for title in page.all("title")):
        yield "the title is empty"
    for tag in ("main", "h1"):
        if len(page.all(tag)) != 1:
            yield f"{len(page.all(tag))} <{tag}>, not one"
    for image in page.all("img"):
        if image.get("alt") is None:
            yield f"image without alt: {image.get('src')}"


def _ids(page: Page) -> Iterator[str]:
    ids = Counter(e.get("id") for e in page.tree.iter() if e.get("id") is not None)
    for name, count in ids.items():
        if count > 1:
            yield f"id {name!r} stands {count} times"
    for element in page.tree.iter():
        for pointer in POINTERS:
            for name in (element.get(pointer) or "").split():
                if name not in ids:
                    yield f"<{element.tag} {pointer}={name!r}> points at nothing"
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and href[1:] not in ids:
            yield f"the link {text_of(element)!r} points at {href}, which is nothing"


def _inline(page: Page) -> Iterator[str]:
    for element in page.tree.iter():
        if element.tag == "style" or element.get("style") is not None:
            yield f"inline style at <{element.tag}>"
        if element.tag == "script" and element.get("src") is None:
            yield "inline script"
        for name in element.attrib:
            if name.startswith("on"):
                yield f"inline script in <{element.tag} {name}>"


def _labels(page: Page) -> Iterator[str]:
    named = {label.get("for") for label in page.all("label")}
    wrapped = {id(control) for label in page.all("label") for control in label.iter()}
    for control in page.tree.iter():
        if control.tag not in LABELLED or control.get("type") in UNLABELLED:
            continue
        if not (
            control.get("id") in named
            or id(control) in wrapped
            or control.get("aria-label")
            or control.get("aria-labelledby")
        ):
            yield f"no label for <{control.tag} name={control.get('name')!r}>"


def _headings(page: Page) -> Iterator[str]:
    last = 0
    for element in page.tree.iter():
        if element.tag in HEADINGS:
            level = int(element.tag[1])
            if level > last + 1:
                yield f"<{element.tag}> {text_of(element)!r} follows level {last}"
            if not text_of(element):
                yield f"an empty <{element.tag}>"
            last = level


def _forms(page: Page) -> Iterator[str]:
    for form in map(as_form, page.all("form")):
        if form.action in WITHOUT_TOKEN:
            continue  # they change only the reader's own cookie
        if form.method == "post" and "csrf_token" not in form.names:
            yield f"the form to {form.action!r} has no csrf_token"
