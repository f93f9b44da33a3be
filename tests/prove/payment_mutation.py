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
        "test_money",
    ),
    helpers=("payfacts", "payment_cases", "payrule_strategies"),
    data=("prices", "rules"),
    aims=(),
    pages=("payment-rules.md",),
)


def prove() -> Iterator[str]:
    yield from mutation.prove(ENGINE)
