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
        r"payments\.(absence|cutting|tallies|terms|pricing|settling)\..*",
        (
            r".*((known|found) = (None|self\._\w+\.get\((None|id\(None\))\))"
            r"|self\._shapes\[id\(None\)\]|self\._long = None|marked = None"
            r"|is_plain=(None|False)\)|NO_SPLITS, \)|and False else self\.pricing).*"
        ),
        "Only the short way is lost, or taken less often: the result is the same.",
    ),
    (
        r"payments\.absence\.x__long_absence",
        r".*(days - 1\}|first - 2|XXXX|or True).*",
        "The short way is taken less often: what is looked for is found earlier.",
    ),
    (
        r"payments\..*",
        r".*\"XX\(\?!\)XX\".*",
        "A pattern that matches nothing does so with X around it too.",
    ),
    (
        r"payments\.absence\..*(_rule|_numbered_share)",
        r".*rows\[(1|code\]\[1)\].*",
        "The rows of one effect are counted alike: the reading refuses others.",
    ),
    (
        r"payments\.absence\..*",
        r".*(_replace\(last=None\)|seen = None|range\(.*\+ 2\)).*",
        "None and nought are read alike there, and a number too many is never asked.",
    ),
    (
        r"payments\.cutting\..*_cuts",
        r".*(low <= (start|end|cut) < high|low < (start|end|cut) <= high).*",
        "The first and the last are cuts already.",
    ),
    (
        r"payments\.cutting\.(x__together|.*__init__)",
        (
            r".*(range\((self\._length|place\.high|place\.low - 1, place\.high)\)"
            r"|or True else _extent|is not self\._prices\[offset - 2\]).*"
        ),
        "A cut too many is joined again: neighbours on the same terms are one.",
    ),
    (
        r"payments\.cutting\..*levels",
        r".*(len\(spans\) (!= 1|== 2)|<= end|start <= span\.end|< end or).*",
        "A level that has no day in the month is then kept, and holds on none of them.",
    ),
    (
        r"payments\.cutting\..*_shape",
        r".*(len\(spans\) == 2|only\.start < start|end < only\.end).*",
        "The shape says more than is needed: fewer share a cut, which are the same.",
    ),
    (
        r"payments\.(cutting|tails|settling)\..*(cut|_settle|_settle_timed)",
        r".*(levels, None\)|levels, \)|timed, None, found\)).*",
        "No class by the day is the same as an empty one.",
    ),
    (
        r"payments\.cutting\..*_pause_cuts",
        r".*or True.*",
        "Without rows there is nothing to go through.",
    ),
    (
        r"payments\.cutting\..*_whole_month",
        r".*(key=None|waits\), \)|<= first\.low|high=pieces\[-1\]\.high, \)).*",
        "No two parts begin on one day, and what a part has cost is its own.",
    ),
    (
        r"payments\.marking\..*(place|_marked)",
        r".*(start >= self\.days\[0\]|low >= 0|high <= self\._length|parts or self).*",
        "What is then done changes nothing: there is nothing outside, or no parts.",
    ),
    (
        r"payments\.marking\..*_minutes",
        r".*hours = \"\"",
        "An empty text is as little a time as none.",
    ),
    (
        r"payments\.tallies\..*tallies",
        r".*(XXXX).*",
        "The days are told apart by their letters with X between them too.",
    ),
    (
        r"payments\.money\.x_rounded",
        r".*amount (> 0|>= 1):",
        "Nought is rounded to nought on both ways.",
    ),
    (
        r"payments\.money\.x_kronor",
        r".*>= LARGEST.*",
        "The largest amount is a limit that no price comes near; a test pins it.",
    ),
    (
        r"payments\.(pay|tails)\..*(_alone|add)",
        r".*low <= place\.high.*",
        "A place of no days has nothing to pay.",
    ),
    (
        r"payments\.tails\..*_without_notice",
        r".*Place\(facts, (None|0|1), (None|0|1)\).*",
        "Only the facts of the place are read for what is held.",
    ),
    (
        r"payments\.tails\..*_days",
        r".*PaidMonth\(marked\.codes, (None|\"XXXX\"), pieces\).*",
        "The shares are made anew from the pieces.",
    ),
    (
        r"payments\.timed\..*",
        r".*(range\((place\.)?high\)).*",
        "The days before have no pieces, or no share.",
    ),
    (
        r"payments\.price_rows\.x__cell",
        r".*\.get\(\"(enhet|regi|nivå|omfattning)\".*(None|XXXX|, )\).*",
        "What is missing is told as a fault either way, in the same words.",
    ),
    (
        r"payments\.(price_rows|file_rows)\..*",
        r".*(range\(100\)|range\(2, 100\)|range\(1, 101\)).*",
        "No list has a class at nought, one or a hundred per cent of its largest.",
    ),
    (
        r"payments\.absence\..*__init__",
        r".*\"XXXX\"\.join.*",
        "An extra day then counts in a group of its own that no rule asks for.",
    ),
    (
        r"payments\..*",
        r".*rstrip\(\"XX0XX\"\).*",
        "The text holds digits and a mark only, so that X strips nothing more.",
    ),
    (
        r"payments\.(lines|money|rule_rows)\.x_.*",
        r".*MINUS SIGN\}\" if \w+ (<= 0|< 1).*",
        "Nothing of nought is shown there: no line counts or pays nothing.",
    ),
    (
        r"payments\.attendance_rows\.x__moment",
        r".*ValueError\(None\).*",
        "The text of this error is never shown: the row says what is wrong.",
    ),
    (
        r"payments\.file_rows\.x_minutes_of",
        r".*hours (<= 25|< 26).*",
        "A time after midnight is refused by the plan or the part that it is for.",
    ),
    (
        r"payments\.file_rows\..*required_day",
        r".*or True.*",
        "An empty cell is told as missing already, and is no day.",
    ),
    (
        r"payments\.cutting\.x__together",
        r".*shared\[offset - 2\].*",
        "A cut too many is joined again, and one day's own share makes two cuts.",
    ),
    (
        r"payments\.pay\..*_together",
        r".*or place\.shared.*",
        "A place whose month cannot be read has no share of a day to part.",
    ),
    (
        r"payments\.price_rows\..*",
        r".*\.get\(\"(belopp_kr|giltig_från|nivå|regi|enhet)\", ?(None|\"XXXX\")?\).*",
        "What is missing is a fault, or no day, either way.",
    ),
    (
        r"payments\.price_rows\.x_read_price_rows",
        r".*or True.*",
        "Gaps are then told beside the rows that cannot be read.",
    ),
    (
        r"payments\.price_rows\.x__off_share",
        r".*step = 100 if .*",
        "Only which cells a warning names: no price is other.",
    ),
    (
        r"payments\.pricing\..*known",
        r".*(if paid else 1|\.get\(None\)).*",
        "Only what is remembered is found under another number, or worked out again.",
    ),
    (
        r"payments\.pricing\..*_fired",
        r".*_together\(None, .*",
        "What is named depends on the part and the rules, not on the place.",
    ),
    (
        r"payments\.proration\..*(part|days|_planned)",
        r".*(and False else high|or 2|key=None|min\(plans, \)).*",
        "The last part reaches the month's end already, or there is nothing to divide.",
    ),
    (
        r"payments\.settling\..*cutting_at",
        r".*(since = |kept = ).*",
        "One span holds a day; which is kept is told by its first day.",
    ),
    (
        r"payments\.settling\..*_settle",
        r".*is_plain = .*",
        "Only the short way is lost, or taken where nothing else is told.",
    ),
    (
        r"payments\.settling\..*_stopped",
        r".*\(None, True\).*",
        "Before the first there is none to be alike.",
    ),
    (
        r"payments\.supplements\..*add",
        r".*days (\+ 1|- 2)\).*",
        "Only for what begins after the month, which has no day in it.",
    ),
    (
        r"payments\.supplements\..*(_lines|_once|_counted|_counts|_amounts)",
        (
            r".*(place, None|one\.amount or 1|<= min|else \"XXXX\""
            r"|or True\) else \"\"|None and place).*"
        ),
        "What is paid once or by the calendar needs no shares, and has an amount.",
    ),
    (
        r"payments\.tails\..*_place",
        r".*(end=None|start=end, pauses|until, attendance|pauses=\(\), \)).*",
        "The days of a tail are told by their offsets; nobody reports or rests there.",
    ),
    (
        r"payments\.tails\..*(_tallies|_is_due|_is_paid_whole)",
        r".*(low, high\), 1|planned\(place, None|problem\.low, None|end \+ DAY).*",
        "One is what days are counted of, and a stop reaches over the whole tail.",
    ),
    (
        r"payments\.tails\.x__on_last_terms",
        r".*(or True|start < last).*",
        "What ended before does not hold, and what begins on the last day is older.",
    ),
    (
        r"payments\.timed\..*_of_units",
        r".*(\(code, 1, 0\)|\(code, 0, 1\)).*",
        "Nothing of a share, or a share of nothing, pays nothing.",
    ),
    (
        r"payments\.timed\..*",
        r".*(else 1\)|max\(whole, 2\)).*",
        "A day without a bundle is stopped, and no day is one minute long.",
    ),
    (
        r"payments\.together\..*(see|_choose|_rank)",
        r".*(one is place|>= 1|if plan else 1).*",
        "Only what is named, or one alone that is first among itself.",
    ),
    (
        r"payments\.together\..*_shared",
        r".*(None and not|<= offset <= place\.high).*",
        "Days outside the place are never asked for.",
    ),
    (
        r"payments\.together\..*_total",
        r".*(self\._days\[1\]|first - timedelta).*",
        "Any four weeks in a row have the same days of a plan.",
    ),
    (
        r"payments\.together\..*(parted|_part_of_day|_scaled|_meet).*",
        (
            r".*(not place\.shared and|<= HUNDRED|= 1, 0, 0|= 0, 1, 0|/ total - before"
            r"|<= min).*"
        ),
        "What is set is set again when the place comes; parts are rounded down after.",
    ),
    (
        r"payments\.writing\.x__notice",
        r".*one\.days is None and one\.by is None.*",
        "A rule of notice has both or none: the reading refuses others.",
    ),
    (
        r"payments\.allowance\..*_planned",
        r".*\.get\(None\).*",
        "Only what is remembered is lost.",
    ),
    (
        r"payments\.pay\..*_alone",
        r".*marked = None",
        "Only the short way for one place is lost: the result is the same.",
    ),
    (
        r"payments\.row_reading\.x__supplement",
        r".*(XXnot_neededXX|NOT_NEEDED).*",
        "Whatever is not needed is no proof that is needed.",
    ),
    (
        r"payments\.supplements\..*_counted",
        r".*or True else.*",
        "The plan is then looked up without being asked.",
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
    """Why the mutant with this new line lives; empty where nobody has said."""
    for where, line, why in EXPLAINED:
        if re.fullmatch(where, function) and re.fullmatch(line, new):
            return why
    return ""
