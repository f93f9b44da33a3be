"""Signing in and out, the start page, users and roles."""

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf.csrf import generate_csrf

from lovdv.access import ROLE_NAMES, Permission, Role, actor, public, requires
from lovdv.accounts import operations, queries, sessions, tasks
from lovdv.accounts.forms import (
    GrantForm,
    NewPasswordForm,
    NewUserForm,
    PasswordForm,
    SignInForm,
)
from lovdv.accounts.models import User
from lovdv.clock import today
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.forms import ActForm, options
from lovdv.providers import queries as provider_queries
from lovdv.redirects import own_path

bp = Blueprint("accounts", __name__)


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("accounts.start"))
    return render_template("accounts/index.html")


@bp.get("/start")
@requires(Permission.HOME)
def start() -> ResponseReturnValue:
    groups = [found(actor()) for found in current_app.extensions["lovdv_waiting"]]
    waiting = sorted(
        (item for group in groups for item in group),
        key=lambda item: (not item.urgent, item.due is None, item.due, item.title),
    )
    return render_template(
        "accounts/start.html",
        waiting=waiting,
        tasks=tasks.main_tasks(),
        today=today(),
    )


@bp.route("/logga-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("accounts.start"))
    form = SignInForm()
    if form.validate_on_submit():
        with form.attempt():
            token = _signed_in(form)
            db.session.commit()
            if token is not None:
                return _enter(token)
            form.refuse(operations.WRONG)
    return render_template(
        "accounts/sign_in.html",
        form=form,
        logins=current_app.config["DEMO_LOGINS"],
        providers=current_app.config["EID"],
        following=request.args.get("next", ""),
    )


def _signed_in(form: SignInForm) -> str | None:
    """A session token, or None when the password is wrong (which is recorded)."""
    address = request.remote_addr or ""
    operations.throttle(login=form.login.data, address=address)
    user = operations.try_password(
        login=form.login.data, password=form.password.data, address=address
    )
    return operations.open_session(user=user) if user else None


def _enter(token: str) -> ResponseReturnValue:
    sessions.enter(token)
    return redirect(own_path(request.args.get("next"), url_for("accounts.start")))


@bp.post("/logga-ut")
@requires(Permission.SESSION)
def sign_out() -> ResponseReturnValue:
    operations.end_session(token=actor().session_token)
    db.session.commit()
    logout_user()
    session.clear()
    flash("Du är utloggad.", "success")
    return redirect(url_for("accounts.index"))


@bp.post("/session/forlang")
@requires(Permission.SESSION)
def extend() -> ResponseReturnValue:
    operations.keep_alive(token=actor().session_token)
    db.session.commit()
    return "", 204


@bp.get("/session/kontakt")
@requires(Permission.SESSION)
def contact() -> ResponseReturnValue:
    """Who is signed in, and a token that counts: for a page that was left open."""
    return {"user": actor().public_id, "token": generate_csrf()}


@bp.post("/byt-enhet")
@requires(Permission.SESSION)
def switch_unit() -> ResponseReturnValue:
    chosen = request.form.get("unit", type=int)
    if chosen not in dict(actor().units):
        raise Refused("Du arbetar inte vid den enheten. Välj en av dina enheter.")
    operations.switch_unit(token=actor().session_token, unit_id=chosen)
    db.session.commit()
    return redirect(url_for("accounts.start"))


@bp.route("/tystnadsplikt", methods=["GET", "POST"])
@requires(Permission.SESSION)
def secrecy() -> ResponseReturnValue:
    form = ActForm()
    if form.validate_on_submit():
        operations.accept_secrecy(user_id=actor().user_id)
        db.session.commit()
        return redirect(url_for("accounts.start"))
    return render_template("accounts/secrecy.html", form=form)


@bp.route("/konto", methods=["GET", "POST"])
@requires(Permission.SESSION)
def own() -> ResponseReturnValue:
    form = PasswordForm()
    user = queries.user_in(actor().municipality_id, actor().public_id)
    if form.validate_on_submit():
        with form.attempt():
            changed = operations.change_password(
                user=user,
                present=form.present.data,
                password=form.password.data,
                address=request.remote_addr or "",
            )
            db.session.commit()
            if changed:
                flash("Lösenordet är bytt. Logga in igen.", "success")
                return redirect(url_for("accounts.sign_in"))
            form.refuse(operations.WRONG_PRESENT, "present")
    return render_template("accounts/own.html", form=form, user=user)


@bp.get("/anvandare")
@requires(Permission.ACCOUNT_WRITE)
def users() -> ResponseReturnValue:
    found = queries.users_in(actor().municipality_id)
    rows = [{"user": each, "held": _role_names(each)} for each in found]
    return render_template("accounts/users.html", users=rows)


@bp.route("/anvandare/ny", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_WRITE)
def new_user() -> ResponseReturnValue:
    form = _with_units(NewUserForm())
    if form.validate_on_submit():
        with form.attempt():
            user = operations.register(
                login=form.login.data,
                name=form.name.data,
                email=form.email.data,
                password=form.password.data,
            )
            _grant(user, form)
            db.session.commit()
            flash(f"{user.name} är upplagd.", "success")
            return redirect(url_for("accounts.users"))
    return render_template("accounts/new_user.html", form=form)


@bp.route("/anvandare/<public_id>", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_WRITE)
def user(public_id: str) -> ResponseReturnValue:
    found = queries.user_in(actor().municipality_id, public_id)
    form = _with_units(GrantForm())
    if form.validate_on_submit():
        with form.attempt():
            _grant(found, form)
            db.session.commit()
            flash("Rollen är tillagd.", "success")
            return redirect(url_for("accounts.user", public_id=public_id))
    return render_template(
        "accounts/user.html",
        form=form,
        user=found,
        own=found.id == actor().user_id,
        elsewhere=queries.has_role_elsewhere(
            found.id, actor().municipality_id, today()
        ),
        held=queries.held_by(found, actor().municipality_id, today()),
        sessions=queries.open_sessions(found.id),
    )


def _role_names(user: User) -> list[str]:
    return sorted(
        {
            ROLE_NAMES[Role(grant.role)]
            for grant in user.grants
            if grant.municipality_id == actor().municipality_id
            and (grant.end_day is None or grant.end_day > today())
        }
    )


def _with_units(form: GrantForm) -> GrantForm:
    units = provider_queries.units_in(actor().municipality_id)
    form.unit.choices = options(((str(u.id), u.name) for u in units), "Ingen")
    if not form.is_submitted():
        form.first_day.data = today()
    return form


def _grant(user: User, form: GrantForm) -> None:
    if user.id == actor().user_id:
        raise Refused("Du kan inte ge dig själv en roll. Be en kollega göra det.")
    operations.grant(
        user=user,
        role=Role(form.role.data),
        municipality_id=actor().municipality_id,
        unit_id=int(form.unit.data) if form.unit.data else None,
        sees_protected=form.sees_protected.data,
        first_day=form.first_day.data,
        end_day=form.last_day.end_day,
    )


@bp.post("/anvandare/<public_id>/roll/<grant_id>/avsluta")
@requires(Permission.ACCOUNT_WRITE)
def end_grant(public_id: str, grant_id: str) -> ResponseReturnValue:
    found = queries.user_in(actor().municipality_id, public_id)
    operations.end_grant(user=found, public_id=grant_id, end_day=today())
    db.session.commit()
    flash("Rollen gäller inte längre.", "success")
    return redirect(url_for("accounts.user", public_id=public_id))


@bp.post("/anvandare/<public_id>/sessioner/avsluta")
@requires(Permission.ACCOUNT_WRITE)
def end_sessions(public_id: str) -> ResponseReturnValue:
    found = _own_user(public_id)
    operations.end_sessions(user=found)
    db.session.commit()
    flash("Personen är utloggad överallt.", "success")
    return redirect(url_for("accounts.user", public_id=public_id))


def _own_user(public_id: str) -> User:
    """Somebody whose whole account is this municipality's to care for."""
    found = queries.user_in(actor().municipality_id, public_id)
    operations.require_only_here(found, actor().municipality_id)
    return found


@bp.post("/anvandare/<public_id>/stang")
@requires(Permission.ACCOUNT_WRITE)
def close(public_id: str) -> ResponseReturnValue:
    """Close the account, or open it again when that is what the button said."""
    found, active = _own_user(public_id), request.form.get("active") == "1"
    if found.id == actor().user_id:
        raise Refused("Du kan inte stänga ditt eget konto. Be en kollega göra det.")
    operations.set_active(user=found, active=active)
    db.session.commit()
    flash("Kontot är öppet." if active else "Kontot är stängt.", "success")
    return redirect(url_for("accounts.user", public_id=public_id))


@bp.route("/anvandare/<public_id>/losenord", methods=["GET", "POST"])
@requires(Permission.ACCOUNT_WRITE)
def new_password(public_id: str) -> ResponseReturnValue:
    found, form = _own_user(public_id), NewPasswordForm()
    if found.id == actor().user_id:
        raise Refused(operations.OWN_PASSWORD)
    if form.validate_on_submit():
        with form.attempt():
            operations.set_password(user=found, password=form.password.data)
            db.session.commit()
            flash(f"{found.name} har fått ett nytt lösenord.", "success")
            return redirect(url_for("accounts.user", public_id=public_id))
    return render_template("accounts/new_password.html", form=form, user=found)
