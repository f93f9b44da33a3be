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
    ["theme=pink&size=huge", "seed=<script>", "saved=../..", "%00", "x" * 3000],
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
