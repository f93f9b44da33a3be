"""How easy a text is: the count, what is left out, and the hints."""

import pytest

from lovdv.reading.lix import measure


@pytest.mark.parametrize(
    ("text", "lix"),
    [
        ("Vi bakar bröd.", 3),
        ("Vi bakar bröd. Du får vara med.", 4),
        ("Verksamheten", 101),
        ("Vi har en verksamhet.", 29),
        ("Rad ett\nRad två\nRad tre", 2),
        ("Öppet 8.30 till 15.30.", 4),
        ("Hur då? Så här! Titta: nu.", 2),
        ("e-post-adresserna finns", 52),
    ],
    ids=[
        "one short sentence",
        "a half is rounded up",
        "one long word",
        "one long word in four",
        "each line is a sentence",
        "a time of day is one word",
        "every mark ends a sentence",
        "a word with hyphens is one",
    ],
)
def test_lix_is_words_a_sentence_and_long_words_in_a_hundred(
    text: str, lix: int
) -> None:
    assert measure(text).lix == lix


@pytest.mark.parametrize("text", ["", "  \n ", "…", "- . ! ?"])
def test_no_words_give_no_figure(text: str) -> None:
    assert (measure(text).lix, measure(text).words) == (0, 0)


def test_names_and_legal_terms_are_left_out_of_the_count() -> None:
    text = "Du har daglig verksamhet på Snickeriet Furuvägen."
    assert measure(text).words == 5
    assert measure(text, ["Snickeriet Furuvägen"]).words == 3
    assert measure(text, ["Snickeriet Furuvägen", ""]).lix == 3


def test_a_name_inside_another_word_is_kept() -> None:
    assert measure("Björkens hus", ["Björk"]).words == 2


def test_long_sentences_and_words_are_pointed_out_once_each() -> None:
    text = (
        "Vi går ut varje dag och tittar på allt som finns i parken här.\n"
        "Arbetsterapeuten kommer. Arbetsterapeuten går."
    )
    sentence, word = measure(text).hints
    assert "Vi går ut varje …” har 14 ord" in sentence
    assert "Arbetsterapeuten" in word


def test_the_figure_is_said_in_words() -> None:
    easy, hard = measure("Vi bakar bröd."), measure("Verksamhetsutvecklingsarbete")
    assert easy.easy
    assert easy.verdict == "Texten är lätt att läsa."
    assert not hard.easy
    assert "svår" in hard.verdict
