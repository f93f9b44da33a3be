"""Requests in, pages out: the attest, and one provider's part of a run."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lovdv.access import Permission, actor, requires
from lovdv.accounts.queries import name_of
from lovdv.controls import checking
from lovdv.controls import settings as control_settings
from lovdv.extensions import db
from lovdv.forms import ActForm
from lovdv.ledger.account_words import kind_word
from lovdv.payouts import (
    approvals,
    comparing,
    holding,
    left_out,
    line_search,
    operations,
    queries,
    tuning,
)
from lovdv.payouts.approvals import Part
from lovdv.payouts.blueprint import bp
from lovdv.payouts.forms import AttestForm, HoldForm
from lovdv.payouts.models import PaymentRun
from lovdv.payouts.progress import status_of
from lovdv.providers.models import Provider


@bp.route("/korningar/<public_id>/attestera", methods=["GET", "POST"])
@requires(Permission.RUN_ATTEST)
def attest(public_id: str) -> ResponseReturnValue:
    """The whole run, or the provider in the address."""
    found = queries.run(actor(), public_id)
    asked = request.args.get("utforare", "")
    provider = line_search.provider_of(found, asked) if asked else None
    form = AttestForm()
    if form.validate_on_submit():
        with form.attempt():
            operations.attest(
                run=found,
                by_id=actor().user_id,
                seen=form.seen.data or "",
                provider_id=provider.id if provider else None,
            )
            db.session.commit()
            flash(_told(found), "success")
            return redirect(url_for(".run", public_id=public_id))
    return _attest_page(found, form, provider)


def _told(run: PaymentRun) -> str:
    if run.status == "attested":
        return "Attesterad, och månaden är låst. Ekonomen kan nu ta ut filen."
    return "Din attest är sparad. Körningen är klar när alla steg är tagna."


def _attest_page(
    found: PaymentRun, form: AttestForm, provider: Provider | None
) -> ResponseReturnValue:
    parts = approvals.parts(found)
    shown = [p for p in parts if provider is None or p.provider_id == provider.id]
    form.seen.data = approvals.seal(shown)
    decided = approvals.findings_of(found, parts, provider.id if provider else None)
    return render_template(
        "payouts/attest.html",
        run=found,
        form=form,
        provider=provider,
        parts=shown,
        others=len(parts) - len(shown),
        mine=[part for part in shown if part.waits_for(actor().user_id)],
        sums=queries.sums(found),
        paid=sum(part.amount for part in shown),
        corrected=sum(part.corrected for part in shown),
        on_hold=sum(part.on_hold for part in shown),
        counts=queries.held_counts(found),
        left_out=left_out.left_out(found),
        changed=comparing.since_before(found, provider.id if provider else None),
        tuned=tuning.tuned_since_last(found),
        off=control_settings.switched_off(control_settings.kept(found)),
        decided=decided,
        numbers=queries.placement_numbers(row.placement_id for row in decided),
        titles=checking.TITLES,
        history=approvals.history(found, parts),
        status_of=status_of,
        prepared_by=name_of(found.prepared_by_id),
    )


@bp.get("/korningar/<public_id>/utforare/<provider>")
@requires(Permission.RUN_READ)
def provider(public_id: str, provider: str) -> ResponseReturnValue:
    """What a run pays one provider, why it differs, and how far the attest is."""
    found = queries.run(actor(), public_id)
    payee = line_search.provider_of(found, provider)
    parts = approvals.parts(found)
    part = _part(parts, payee)
    return render_template(
        "payouts/provider.html",
        run=found,
        part=part,
        levels=line_search.levels_of(found, payee.id),
        kind_word=kind_word,
        changed=comparing.since_before(found, payee.id),
        findings=approvals.findings_of(found, parts, payee.id),
        held_before=holding.held_before(found, payee.id),
        history=[
            one for one in approvals.history(found, parts) if one.provider == part.name
        ],
        held_by=name_of(part.held.decided_by_id) if part.held else "",
        status_of=status_of,
        form=ActForm(),
    )


def _part(parts: Sequence[Part], payee: Provider) -> Part:
    [part] = [one for one in parts if one.provider_id == payee.id]
    return part


@bp.route("/korningar/<public_id>/utforare/<provider>/hall", methods=["GET", "POST"])
@requires(Permission.RUN_PREPARE)
def hold_provider(public_id: str, provider: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    payee = line_search.provider_of(found, provider)
    form = HoldForm()
    if form.validate_on_submit():
        with form.attempt():
            holding.hold(
                run=found,
                provider=payee,
                reason=form.reason.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash(f"{payee.name} hålls inne. De andra kan gå vidare.", "success")
            return redirect(url_for(".run", public_id=public_id))
    return render_template(
        "payouts/hold_provider.html",
        run=found,
        part=_part(approvals.parts(found), payee),
        form=form,
    )


@bp.post("/korningar/<public_id>/utforare/<provider>/slapp")
@requires(Permission.RUN_PREPARE)
def release_provider(public_id: str, provider: str) -> ResponseReturnValue:
    found = queries.run(actor(), public_id)
    payee = line_search.provider_of(found, provider)
    holding.release(run=found, provider=payee, by_id=actor().user_id)
    db.session.commit()
    flash(f"{payee.name} betalas igen när körningen är attesterad.", "success")
    return redirect(url_for(".provider", public_id=public_id, provider=provider))


@bp.route(
    "/korningar/<public_id>/utforare/<provider>/betala-tidigare",
    methods=["GET", "POST"],
)
@requires(Permission.RUN_PREPARE)
def pay_held_before(public_id: str, provider: str) -> ResponseReturnValue:
    """All that earlier runs held for a provider, with one reason."""
    found = queries.run(actor(), public_id)
    payee = line_search.provider_of(found, provider)
    form = HoldForm()
    if form.validate_on_submit():
        with form.attempt():
            holding.pay_held_before(
                run=found,
                provider=payee,
                reason=form.reason.data,
                by_id=actor().user_id,
            )
            db.session.commit()
            flash("Det som hölls inne betalas med den här körningen.", "success")
            return redirect(
                url_for(".provider", public_id=public_id, provider=provider)
            )
    waiting = holding.held_before(found, payee.id)
    return render_template(
        "payouts/pay_held_before.html",
        run=found,
        part=_part(approvals.parts(found), payee),
        form=form,
        waiting=waiting,
        numbers=queries.placement_numbers(one.placement_id for one in waiting),
    )
