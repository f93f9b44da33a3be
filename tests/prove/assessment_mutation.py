"""Mutation testing of scoring."""

from collections.abc import Iterator

from tests.prove import mutation

ENGINE = mutation.Engine(
    package="assessment",
    modules=(
        "scoring",
        "levelling",
        "margins",
        "compiled",
        "compiled_levels",
        "scorer",
    ),
    tests=(
        "test_scoring",
        "test_rules_and_margins",
        "test_level_rules",
        "test_published_files",
        "test_scorer",
        "test_scoring_properties",
    ),
    helpers=(
        "both_ways",
        "instrument_strategies",
        "level_rule_strategies",
        "level_rule_builders",
        "published_instruments",
    ),
    data=("instruments",),
    aims=("scoring",),
)


def prove() -> Iterator[str]:
    yield from mutation.prove(ENGINE)
