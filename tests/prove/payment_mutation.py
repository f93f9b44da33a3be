"""Mutation testing of the payments engine, all of it but words and names."""

from collections.abc import Iterator

from tests.prove import mutation

WORDS = {"__init__", "errors", "fields"}
"""Modules that hold only what people read."""

MODULES = sorted(
    path.stem
    for path in (mutation.ROOT / "payments").glob("*.py")
    if path.stem not in WORDS
)
ENGINE = mutation.Engine(
    package="payments",
    modules=MODULES,
    tests=(
        "test_pay*",
        "test_price*",
        "test_control*",
        "test_sampling",
        "test_allowance*",
        "test_index*",
    ),
    helpers=("payfacts",),
    data=("prices", "rules", "pay"),
    aims=(),
)


def prove() -> Iterator[str]:
    yield from mutation.prove(ENGINE)
