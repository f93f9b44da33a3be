"""Why a mutant may live: by a pattern of its function and the line it gets."""

import re

EXPLAINED: tuple[tuple[str, str, str], ...] = (
    (
        r".*",
        r".*zip\(.*(strict=(None|False)|, )\).*",
        "The lists are made from the same things and are always equally long.",
    ),
    (
        r"assessment\.scorer\..*(Readerǁ__init__|sums)",
        r".*(is_plain|_plain_size|found|_kept|KEPT).*",
        "Only the short way is lost, or taken less often: the result is the same.",
    ),
    (
        r"assessment\.(scorer|compiled)\..*(__init__|may_be_absent)",
        r".*(_all_count = None|self\.shown is None or any).*",
        "What is never left out is then looked for all the same, and not found.",
    ),
    (
        r"assessment\.compiled.*(asked|__init__|_decimals)",
        r".*(or True else|max\(1, -exponent\)).*",
        "Makes a finder or a test that nothing calls, or one decimal too many.",
    ),
    (
        r"assessment\.scoring\.x__visible",
        r".*answers\.get\(question\.id, .*",
        "No answer has such a code, so that there is no step either way.",
    ),
    (
        r"assessment\.levelling\..*looked_up",
        r".*value is not None or band is not None",
        "A row that is found has a band for every key: the check is for the types.",
    ),
    (
        r"assessment\.scorer\..*level",
        r".*if self\._is_share else 2",
        "Without shares the maximum is looked at by nothing: any number but 0 does.",
    ),
    (
        r"assessment\.scorer\..*one_by_one",
        r".*asked\.shown\(codes, None\).*",
        "What shows a question looks at answers only, never at points.",
    ),
    (
        r"payments\.booked_rows\.x__(amount|whole)",
        r".*return 1",
        "The cell is noted as wrong: the row is left out whatever number stands there.",
    ),
    (
        r"payments\.from_files\..*_lines",
        r".*ClientMonth\(None, .*",
        "The engine pays by the placements, never by the client's own reference.",
    ),
    (
        r"payments\.from_files\.x__(concerns|covered)",
        r".*(end <= month\.end|span\.end >= reached).*",
        "A day on the border is in the month, or reached, either way.",
    ),
    (
        r"payments\.day_controls\.x_identical_days",
        r".*group\[1\].*",
        "Everybody in a group has the same month and equal days: it is what makes one.",
    ),
    (
        r"payments\.indexing\.x__jump",
        r".*more >= 0.*",
        "Only prices that differ are told of, so the difference is never nought.",
    ),
    (
        r"payments\.allowance_presets\.x_preset",
        r".*t00:00:00.*",
        "An instant is read alike with a small t between day and time.",
    ),
    (
        r"payments\.controls\.x_covers",
        r".*span\.end >= reached.*",
        "A span that ends where the days are covered to moves nothing.",
    ),
    (
        r"payments\.sampling\.x_number_of",
        r".*from_bytes\(.*",
        "Python 3.11 and later read the biggest byte first when nothing is said.",
    ),
    (
        r"payments\.allowance\..*(due|_whole_days|_planned)",
        r".*((alone|attendance|planned|known) = None|strip\(None\)|id\(None\)).*",
        "Only the short way is lost, or taken less often: the result is the same.",
    ),
    (
        r"payments\.allowance\.x__paid_as",
        r".*and False.*",
        "A day of no kind gets a kind that no line is made of, and is passed over.",
    ),
    (
        r"payments\.allowance_rules\.x_in_decimals",
        r".*rstrip\(\"XX.*",
        "The text holds digits and a comma only, so that X strips nothing more.",
    ),
)


def explanation(function: str, new: str) -> str:
    """Return why the mutant with this new line lives, or that nobody has said."""
    for where, line, why in EXPLAINED:
        if re.fullmatch(where, function) and re.fullmatch(line, new):
            return why
    return "**not explained**"
