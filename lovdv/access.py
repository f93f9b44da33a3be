"""Permission, Role, requires(), public(), guard(): closed unless opened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar, cast

from flask import Flask, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.exceptions import Forbidden

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


class Permission(StrEnum):
    """What may be done, `thing:action`. Views ask for these, never for roles."""

    HOME = "home:read"
    SESSION = "session:manage"

    PERSON_LIST = "person:list"
    PERSON_READ = "person:read"
    PERSON_SEARCH = "person:search"
    PERSON_WRITE = "person:write"
    PERSON_OPEN = "person:open"
    PERSON_REVEAL = "person:reveal"
    PERSON_PROTECTED = "person:protected"
    PERSON_OWN = "person:own"
    DECISION_WRITE = "decision:write"
    CLOCK_READ = "clock:read"
    HANDOVER = "assignment:write"

    ASSESSMENT_READ = "assessment:read"
    ASSESSMENT_SCORE = "assessment:score"
    ASSESSMENT_REVIEW = "assessment:review"
    LEVEL_ESTABLISH = "level:establish"
    LEVEL_OWN = "level:own"
    INSTRUMENT_READ = "instrument:read"
    INSTRUMENT_WRITE = "instrument:write"
    STATEMENT_WRITE = "statement:write"
    REASSESSMENT_ASK = "reassessment:ask"
    REASSESSMENT_ANSWER = "reassessment:answer"
    CALIBRATION_SCORE = "calibration:score"
    CALIBRATION_LEAD = "calibration:lead"

    PROVIDER_READ = "provider:read"
    PROVIDER_WRITE = "provider:write"
    CAPACITY_NOTIFY = "capacity:notify"
    PROFILE_DRAFT = "profile:draft"
    PROFILE_PUBLISH = "profile:publish"

    SUPPORT_WORK = "support:work"
    CHOICE_READ = "choice:read"
    CHOICE_REGISTER = "choice:register"
    CHOICE_PLACE = "choice:place"
    CHOICE_OWN = "choice:own"
    VISIT_ANSWER = "visit:answer"

    ORDER_READ = "order:read"
    ORDER_WRITE = "order:write"
    ORDER_ANSWER = "order:answer"
    PLACEMENT_READ = "placement:read"
    PLACEMENT_WRITE = "placement:write"
    PLAN_WRITE = "plan:write"
    ATTENDANCE_READ = "attendance:read"
    ATTENDANCE_REPORT = "attendance:report"

    PRICE_READ = "price:read"
    PRICE_WRITE = "price:write"
    RUN_READ = "run:read"
    RUN_PREPARE = "run:prepare"
    RUN_ATTEST = "run:attest"
    RUN_EXPORT = "run:export"
    RUN_READ_BACK = "run:read_back"
    BASIS_READ = "basis:read"
    BASIS_OBJECT = "basis:object"
    BASIS_ANSWER = "basis:answer"
    PAYMENT_RULE_READ = "payment_rule:read"
    PAYMENT_RULE_WRITE = "payment_rule:write"
    SUPPLEMENT_WRITE = "supplement:write"
    CONTROL_READ = "control:read"
    CONTROL_WRITE = "control:write"
    LEDGER_READ = "ledger:read"
    LEDGER_WRITE = "ledger:write"
    SETTLEMENT_READ = "settlement:read"
    SETTLEMENT_WRITE = "settlement:write"
    ALLOWANCE_READ = "allowance:read"
    ALLOWANCE_WRITE = "allowance:write"
    ALLOWANCE_OWN = "allowance:own"
    FORECAST_READ = "forecast:read"
    FORECAST_WRITE = "forecast:write"
    SHADOW_RUN = "shadow:run"

    IMPORT_FILES = "import:files"

    SYSTEM_READ = "system:read"
    SYSTEM_WRITE = "system:write"
    FIGURES_READ = "figures:read"
    LOG_REVIEW = "log:review"
    ACCOUNT_WRITE = "account:write"


class Role(StrEnum):
    CASEWORKER = "caseworker"
    ASSESSOR = "assessor"
    CLIENT = "client"
    REPRESENTATIVE = "representative"
    SUPPORTER = "supporter"
    GUIDE = "guide"
    PROVIDER = "provider"
    FINANCE = "finance"
    APPROVER = "approver"
    LEAD = "lead"
    MANAGER = "manager"
    LOG_REVIEWER = "log_reviewer"
    ADMIN = "admin"


ROLE_NAMES = {
    Role.CASEWORKER: "Biståndshandläggare",
    Role.ASSESSOR: "Nivåbedömare",
    Role.CLIENT: "Brukare",
    Role.REPRESENTATIVE: "Företrädare",
    Role.SUPPORTER: "Stödperson",
    Role.GUIDE: "Lots",
    Role.PROVIDER: "Utförare",
    Role.FINANCE: "Ekonom",
    Role.APPROVER: "Attestant",
    Role.LEAD: "Systemledare",
    Role.MANAGER: "Chef eller nämnd",
    Role.LOG_REVIEWER: "Logggranskare",
    Role.ADMIN: "Systemadministratör",
}

P = Permission
EVERYONE = frozenset({P.HOME, P.SESSION})
ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.CASEWORKER: EVERYONE
    | {
        P.PERSON_LIST,
        P.PERSON_READ,
        P.PERSON_SEARCH,
        P.PERSON_WRITE,
        P.PERSON_OPEN,
        P.PERSON_REVEAL,
        P.DECISION_WRITE,
        P.CLOCK_READ,
        P.HANDOVER,
        P.ASSESSMENT_READ,
        P.INSTRUMENT_READ,
        P.REASSESSMENT_ANSWER,
        P.PROVIDER_READ,
        P.CHOICE_READ,
        P.CHOICE_REGISTER,
        P.CHOICE_PLACE,
        P.ORDER_READ,
        P.ORDER_WRITE,
        P.PLACEMENT_READ,
        P.PLACEMENT_WRITE,
        P.ATTENDANCE_READ,
        P.IMPORT_FILES,
    },
    Role.ASSESSOR: EVERYONE
    | {
        P.PERSON_LIST,
        P.PERSON_READ,
        P.PERSON_SEARCH,
        P.PERSON_OPEN,
        P.ASSESSMENT_READ,
        P.ASSESSMENT_SCORE,
        P.ASSESSMENT_REVIEW,
        P.LEVEL_ESTABLISH,
        P.INSTRUMENT_READ,
        P.REASSESSMENT_ANSWER,
        P.CALIBRATION_SCORE,
    },
    Role.CLIENT: EVERYONE | {P.PERSON_OWN, P.LEVEL_OWN, P.CHOICE_OWN},
    Role.REPRESENTATIVE: EVERYONE | {P.PERSON_OWN, P.LEVEL_OWN, P.CHOICE_OWN},
    Role.SUPPORTER: EVERYONE,
    Role.GUIDE: EVERYONE | {P.SUPPORT_WORK, P.CHOICE_REGISTER},
    Role.PROVIDER: EVERYONE
    | {
        P.CAPACITY_NOTIFY,
        P.PROFILE_DRAFT,
        P.VISIT_ANSWER,
        P.ORDER_READ,
        P.ORDER_ANSWER,
        P.PLACEMENT_READ,
        P.PLAN_WRITE,
        P.ATTENDANCE_READ,
        P.ATTENDANCE_REPORT,
        P.STATEMENT_WRITE,
        P.REASSESSMENT_ASK,
        P.BASIS_READ,
        P.BASIS_OBJECT,
        P.ALLOWANCE_OWN,
        P.IMPORT_FILES,
    },
    Role.FINANCE: EVERYONE
    | {
        P.PRICE_READ,
        P.PRICE_WRITE,
        P.RUN_READ,
        P.RUN_PREPARE,
        P.RUN_EXPORT,
        P.RUN_READ_BACK,
        P.BASIS_READ,
        P.BASIS_ANSWER,
        P.PAYMENT_RULE_READ,
        P.PAYMENT_RULE_WRITE,
        P.SUPPLEMENT_WRITE,
        P.CONTROL_READ,
        P.LEDGER_READ,
        P.LEDGER_WRITE,
        P.SETTLEMENT_READ,
        P.SETTLEMENT_WRITE,
        P.ALLOWANCE_READ,
        P.ALLOWANCE_WRITE,
        P.FORECAST_READ,
        P.FORECAST_WRITE,
        P.SHADOW_RUN,
        P.SYSTEM_READ,
    },
    Role.APPROVER: EVERYONE
    | {
        P.PRICE_READ,
        P.RUN_READ,
        P.RUN_ATTEST,
        P.BASIS_READ,
        P.PAYMENT_RULE_READ,
        P.CONTROL_READ,
        P.LEDGER_READ,
        P.SETTLEMENT_READ,
        P.ALLOWANCE_READ,
        P.FORECAST_READ,
    },
    Role.LEAD: EVERYONE
    | {
        P.INSTRUMENT_READ,
        P.INSTRUMENT_WRITE,
        P.CALIBRATION_LEAD,
        P.PROVIDER_READ,
        P.PROVIDER_WRITE,
        P.PROFILE_PUBLISH,
        P.PRICE_READ,
        P.PAYMENT_RULE_READ,
        P.CONTROL_READ,
        P.CONTROL_WRITE,
        P.FORECAST_READ,
        P.FORECAST_WRITE,
        P.SYSTEM_READ,
        P.SYSTEM_WRITE,
        P.FIGURES_READ,
    },
    Role.MANAGER: EVERYONE | {P.FIGURES_READ, P.FORECAST_READ},
    Role.LOG_REVIEWER: EVERYONE | {P.LOG_REVIEW},
    Role.ADMIN: EVERYONE | {P.ACCOUNT_WRITE},
}


@dataclass(frozen=True)
class Actor:
    """Who is signed in, where, and what they may do; Flask-Login's user.

    `municipality_id`, `unit_id` and `client_id` are the scope that queries take.
    """

    session_token: str
    user_id: int
    public_id: str
    name: str
    municipality_id: int
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    seen_at: datetime
    secrecy_accepted: bool = True
    unit_id: int | None = None
    client_id: int | None = None
    idle_seconds: int = 1800
    units: tuple[tuple[int, str], ...] = field(default=(), compare=False)

    is_active = True
    is_authenticated = True
    is_anonymous = False

    def get_id(self) -> str:
        return self.session_token

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


class Anonymous:
    """Nobody: may nothing that is not public."""

    is_active = False
    is_authenticated = False
    is_anonymous = True
    permissions: frozenset[Permission] = frozenset()

    def get_id(self) -> None:
        return None

    def may(self, permission: Permission) -> bool:
        return False


def actor() -> Actor:
    """The signed-in actor; only for views that a permission guards."""
    if not current_user.is_authenticated:
        raise Forbidden
    return cast(Actor, current_user._get_current_object())  # noqa: SLF001  (how a LocalProxy is opened)


def requires(permission: Permission) -> Callable[[View], View]:
    """The view is open to those who hold the permission."""

    def mark(view: View) -> View:
        view.lovdv_access = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """The view is open to everyone, without sign-in."""
    view.lovdv_access = "public"  # type: ignore[attr-defined]
    return view


def access_of(endpoint: str) -> Permission | str | None:
    """What an endpoint declares; None: nothing, so it is closed to everyone."""
    if endpoint == "static":
        return "public"
    return getattr(current_app.view_functions.get(endpoint), "lovdv_access", None)


def may_visit(endpoint: str) -> bool:
    """The same check that guards the view, for its links."""
    needed = access_of(endpoint)
    return needed == "public" or (
        isinstance(needed, Permission) and bool(current_user.may(needed))
    )


def guard() -> ResponseReturnValue | None:
    """Before every request: let through, send to sign-in or refuse."""
    if request.endpoint is None:
        return None  # no such address; becomes 404
    needed = access_of(request.endpoint)
    if needed == "public":
        return None
    if not current_user.is_authenticated:
        target = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("accounts.sign_in", next=target))
    if not isinstance(needed, Permission) or not current_user.may(needed):
        raise Forbidden
    return None


def init_app(app: Flask) -> None:
    app.before_request(guard)
    app.jinja_env.globals["may_visit"] = may_visit
    app.jinja_env.globals["Permission"] = Permission
