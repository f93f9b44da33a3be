"""The one functional cookie, and the chart's lengths."""

from decimal import Decimal

import pytest

from lovdv.charts import bar_chart
from lovdv.preferences import COOKIE, Preferences, with_saved
from tests.kit_app import StrictClient


def test_the_reader_chooses_size_colours_and_easy_read(client: StrictClient) -> None:
    for name, value in (("size", "lg"), ("theme", "dark"), ("reading", "easy")):
        response = client.post_without_token(
            "/visning", data={name: value, "next": "/sa-fungerar-valet"}
        )
        assert response.headers["Location"] == "/sa-fungerar-valet"
    html = client.page("/sa-fungerar-valet").tree
    assert html.get("data-size") == "lg"
    assert html.get("data-color-scheme") == "dark"
    assert [cookie.key for cookie in client._cookies.values()] == [COOKIE]


@pytest.mark.parametrize(
    "value",
    [
        "theme=pink&size=huge",
        "pictures=all&contrast=less&motion=wild",
        "seed=<script>",
        "saved=../..",
        "%00",
        "x" * 3000,
    ],
)
def test_a_cookie_that_makes_no_sense_is_left_out(
    client: StrictClient, value: str
) -> None:
    client.set_cookie(COOKIE, value)
    page = client.page("/sa-fungerar-valet")
    assert page.tree.get("data-size") == "md"
    assert "script>" not in page.text


@pytest.mark.parametrize("target", ["https://annan.example", "//annan.example", ""])
def test_nobody_is_sent_to_another_site(client: StrictClient, target: str) -> None:
    response = client.post_without_token(
        "/visning", data={"size": "lg", "next": target}
    )
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [
        (Preferences(), "some"),
        (Preferences(reading="easy"), "many"),
        (Preferences(reading="easy", pictures="none"), "none"),
        (Preferences(pictures="many"), "many"),
    ],
    ids=["normal", "easy", "easy without", "normal with many"],
)
def test_pictures_follow_the_way_of_reading_until_they_are_chosen(
    chosen: Preferences, shown: str
) -> None:
    assert chosen.shown_pictures == shown


def test_every_way_is_remembered_and_asked_for_in_the_page(
    client: StrictClient,
) -> None:
    for name, value in (
        *(("pictures", "none"), ("contrast", "more"), ("motion", "calm")),
        *(("size", "xl"), ("reading", "easy")),
    ):
        client.post_without_token("/visning", data={name: value, "next": "/licenser"})
    page = client.page("/sa-fungerar-valet")
    media = {link.get("href"): link.get("media") for link in page.all("link")}
    assert media["/static/css/contrast.css"] == "all"
    assert media["/static/css/calm.css"] == "all"
    assert page.tree.get("data-text") == "xl"
    pressed = page.all("button", aria_pressed="true")
    words = {"".join(button.itertext()).strip() for button in pressed}
    assert words == {"Lättläst", "Inga", "Störst", "Som enheten", "Hög", "Ingen"}


def test_the_device_decides_until_the_reader_does(client: StrictClient) -> None:
    page = client.page("/sa-fungerar-valet")
    media = {link.get("href"): link.get("media") for link in page.all("link")}
    assert media["/static/css/contrast.css"] == "(prefers-contrast: more)"
    assert media["/static/css/calm.css"] == "(prefers-reduced-motion: reduce)"


def test_at_most_twelve_units_are_saved_and_the_oldest_goes() -> None:
    kept = Preferences()
    for number in range(14):
        kept = with_saved(kept, f"unit{number}", keep=True)
    assert kept.saved_units == tuple(f"unit{number}" for number in range(2, 14))
    assert "unit5" not in with_saved(kept, "unit5", keep=False).saved_units


def test_bars_are_as_long_as_their_share_of_the_longest() -> None:
    rows = [("A", Decimal(50), "50"), ("B", Decimal(25), "25"), ("C", 0, "0")]
    chart = bar_chart(caption="x", row_heading="y", value_heading="z", rows=rows)
    assert [bar.percent for bar in chart.bars] == [100, 50, 0]


def test_a_chart_without_bars_or_with_zeros_only_is_drawn() -> None:
    for rows in ([], [("A", 0, "0")]):
        chart = bar_chart(caption="x", row_heading="y", value_heading="z", rows=rows)
        assert all(bar.percent == 0 for bar in chart.bars)
        assert chart.height > 0
