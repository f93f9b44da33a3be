"""Where a form may send its reader afterwards."""

import pytest

from lovdv.redirects import own_path


@pytest.mark.parametrize("target", ["/start", "/personer?sida=2", "/a/b#c"])
def test_a_path_of_ours_is_followed(target: str) -> None:
    assert own_path(target, "/annat") == target


@pytest.mark.parametrize(
    "target",
    [
        None,
        "",
        "start",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/\r\n/evil.example",
        "\t//evil.example",
        "https://evil.example",
        "javascript:alert(1)",
    ],
)
def test_any_other_address_is_not(target: str | None) -> None:
    assert own_path(target, "/annat") == "/annat"
