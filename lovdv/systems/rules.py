"""What a municipality may decide, and what holds until it has.

Every rule is a JSON object under a key, with a first day (models.Rule). These are
the values that stand in for a rule nobody has decided yet.
"""

from collections.abc import Mapping
from types import MappingProxyType

DEFAULTS: Mapping[str, Mapping[str, object]] = MappingProxyType(
    {
        # Days to choose, to be reminded before and to regret it (0: none); when a new
        # choice takes effect; who takes icke-val.
        "choice": {
            "answer_days": 21,
            "regret_days": 14,
            "notice": {"kind": "days", "days": 30},
            "no_choice": "default_provider",
            "risk_confirmed": "",
            "ask_again_months": [1, 3],
            "remind_days_before": [7],
            # A choice on paper: required, reason (or why it is missing), not
            "paper_scan": "reason",
            "paper_megabytes": 9,
        },
        # How a letter goes to somebody whose identity is protected.
        "letter": {"protected": "Skicka brevet genom Skatteverkets förmedling."},
        # Days that must be left of the place when the answer is due; why a unit stops.
        "leaving": {
            "days_before": 30,
            "exit_reasons": {
                "expires": "Avtalet går ut",
                "provider": "Utföraren säger upp avtalet",
                "municipality": "Kommunen säger upp avtalet",
                "closes": "Verksamheten läggs ner",
                "permit": "Tillståndet upphör",
                "bankrupt": "Utföraren går i konkurs",
            },
        },
        # Months after which a guide says again whether anything stands in the way.
        "guide": {"declare_months": 12},
        # A changed ceiling notified by this day counts from the next 1st.
        "capacity": {"notify_by_day": 15},
        # Days to answer an offer; how many days ahead its place may begin; the place in
        # line after a no or no answer (keep, last); why somebody says no, and why
        # somebody is passed over.
        "queue": {
            "offer_days": 14,
            "ahead_days": 365,
            "lapse": "keep",
            "decline_reasons": {
                "wants_to_wait": "Jag vill vänta",
                "other_days": "Dagarna passar inte",
                "elsewhere": "Jag vill vara någon annanstans",
                "travel": "Det är för långt dit",
                "other": "Något annat",
            },
            "pass_reasons": {
                "other_days": "Behöver andra halvdagar än dem som är lediga",
                "other_start": "Kan inte börja den dagen",
                "asked_to_wait": "Har bett att få vänta",
                "target_group": "Utanför enhetens målgrupp enligt avtalet",
            },
        },
        # Whether days can be tried and how many at each unit; whether they are paid and
        # start the three-month clock; working days to answer; how many days
        # ahead a unit may propose; days after the visit that it knows a first name; why
        # a unit says no.
        "visit": {
            "try_out": True,
            "try_out_days": 3,
            "paid": False,
            "starts_clock": False,
            "answer_working_days": 5,
            "ahead_days": 90,
            "name_days": 30,
            "decline_reasons": {
                "no_staff": "Ingen kan ta emot just nu",
                "closed": "Vi har stängt de dagarna",
                "full": "Vi har fullt med besök just nu",
            },
        },
        # Months that a checked presentation counts as confirmed; when to remind.
        "profile": {"confirm_months": 6, "remind_days_before": 30},
        # Months that a short link to take home leads anywhere.
        "link": {"keep_months": 12},
        # Places that distance is told from: name, latitude and longitude (millionths).
        "map": {"points": []},
        # Working days for a unit to answer an order.
        "order": {
            "answer_working_days": 5,
            "level_required": True,
            "decline_reasons": {
                "full": "Enheten är full",
                "permit": "Tillståndet räcker inte",
                "target_group": "Utanför enhetens målgrupp enligt avtalet",
            },
        },
        # Why a placement ends; when its plan is due and for how long it counts.
        "placement": {
            "end_reasons": {
                "other_choice": "Annat val",
                "work": "Arbete",
                "studies": "Studier",
                "pension": "Pension",
                "moved": "Flytt",
                "deceased": "Avliden",
                "own_wish": "Egen önskan",
                "need_gone": "Behovet finns inte längre",
                "provider": "Utföraren upphör eller säger upp",
            },
            "plan_due_days": 60,
            "plan_valid_months": 12,
            "remind_days_before": 14,
        },
        # By which day in the next month; what happens after it (wait, plan, hold);
        # how far back a unit may report.
        "attendance": {
            "confirm_by_day": 5,
            "remind_days_before": 3,
            "late": "wait",
            "back_months": 12,
            "grace_days": 30,
        },
        # never, changed, top, share, always
        "review": {"when": "always", "top_levels": [], "share_percent": 10},
        # day, request, next_first, months; and whether the level is in the decision
        "level_effect": {
            "part_of_decision": True,
            "raise": "next_first",
            "lowering": "next_first",
            "ordinary_replaces_preliminary": False,
            "ordinary_due_weeks": 8,
        },
        # Days to answer a request for a new assessment.
        "reassessment": {"answer_days": 30},
        # Whether the person's own page says the level; what a unit sees: level, profile
        "explanation": {"own_shows_level": True, "unit_sees": "level"},
        # Days before a decision not executed must be reported; when to warn.
        "clock": {"months": 3, "warn_days": [60, 75, 90], "ending_days": 90},
        # By which day in the next month a month is run and paid; days to answer an
        # objection to what was paid.
        "basis": {"run_by_day": 10, "pay_by_day": 25, "answer_days": 20},
        # How many months back a run corrects what was paid; older is listed.
        "correction": {"back_months": 12},
        # How many different persons attest, from an amount in kronor on; the amount
        # is what the run pays the provider, or all that it pays (provider, run).
        "attest": {
            "amount_of": "provider",
            "rows": [{"from_amount": "0", "steps": 1}],
        },
        # When a price has jumped; which lists providers are told of beforehand
        # (new_model, every_list), and how many days.
        "price": {"jump_percent": 10, "announce": "new_model", "notice_days": 30},
        # Habiliteringsersättning: nothing until decided (payments.allowance_rules).
        "allowance": {},
        # The payments engine reads this one (payments.rules).
        "payment": {},
    }
)
