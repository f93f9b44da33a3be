"""The sample: drawn from a recorded seed, and looked at line by line."""

from datetime import date

import pytest
from sqlalchemy import select

from lovdv import excel
from lovdv.access import Role
from lovdv.audit_chain import Audit
from lovdv.controls import checking, sample, settings
from lovdv.controls import queries as control_queries
from lovdv.controls.models import Finding, SampledLine
from lovdv.errors import Refused
from lovdv.extensions import db
from lovdv.payouts import operations
from lovdv.payouts.models import PaymentRun
from payments.sampling import drawn
from tests import make, make_payments
from tests.kit_app import StrictClient
from tests.kit_payouts import PRICE, compute, month_ready

pytestmark = [pytest.mark.usefixtures("in_april"), pytest.mark.usefixtures("terms")]
SEEN = dict.fromkeys(sample.SEEN, True)


def draw_lines(size: int = 20, **knobs: int) -> None:
    make.control(
        make.system(),
        "sample",
        first_day=date(2026, 1, 1),
        knobs={"size": size, **knobs},
    )


def look(run: PaymentRun, row: SampledLine, result: str = "right", **told: str) -> None:
    checking.look(
        run=run,
        sampled=row,
        seen=SEEN,
        result=result,
        note=told.get("note", ""),
        by_id=make.user(Role.FINANCE).id,
    )


def findings(run: PaymentRun) -> list[Finding]:
    return [f for f in control_queries.findings(run) if f.control == "sample"]


def test_so_many_lines_are_drawn_and_wait_for_somebody_to_look() -> None:
    draw_lines(2)
    for _ in range(4):
        month_ready()
    run = compute()
    assert len(findings(run)) == len(sample.sampled_lines(run)) == 2
    with pytest.raises(Refused, match="2 kontroller saknar beslut"):
        operations.attest(run=run, by_id=make.user(Role.APPROVER).id)


def test_a_line_is_drawn_again_from_what_the_run_keeps() -> None:
    draw_lines(3)
    for _ in range(8):
        month_ready()
    run = compute()
    setting = settings.kept(run)["sample"]
    frame = sample.weighed(run, setting, sample.weighing(run))
    again = drawn(frame, 3, settings.seed_of(run))
    assert {one.line_id for one in again} == {
        row.line_id for row in sample.sampled_lines(run)
    }


def test_computing_again_neither_draws_anew_nor_loses_what_was_seen() -> None:
    draw_lines(2)
    for _ in range(6):
        month_ready()
    run = compute()
    for row in sample.sampled_lines(run):
        look(run, row)
    again = compute(seen=run)
    assert settings.seed_of(again) == settings.seed_of(run)
    assert [row.result for row in sample.sampled_lines(again)] == ["right"] * 2
    assert {f.placement_id for f in findings(again)} == {
        f.placement_id for f in findings(run)
    }
    operations.attest(run=again, by_id=make.user(Role.APPROVER).id)


def test_a_line_whose_money_changed_is_looked_at_again() -> None:
    draw_lines()
    placement = month_ready()
    run = compute()
    [row] = sample.sampled_lines(run)
    look(run, row)
    make_payments.month_of(placement, version=2, d9="O", d10="O")
    [again] = sample.sampled_lines(compute(seen=run))
    assert (again.result, again.looked_at) == ("", None)


def test_cochran_says_how_many_when_it_is_asked() -> None:
    draw_lines(1, cochran=1, margin=50)
    for _ in range(8):
        month_ready()
    assert len(findings(compute())) == 3


def test_a_line_without_deviations_weighs_more() -> None:
    make.control(make.system(), "whole_months", knobs={"months": 2})
    draw_lines(untouched=100)
    untouched, other = month_ready(), month_ready(d9="A")
    for placement in (untouched, other):
        make_payments.month_of(placement, "2026-01")
    run = compute()
    weights = {
        f.placement_id: row.weight
        for row in sample.sampled_lines(run)
        for f in findings(run)
        if f.id == row.finding_id
    }
    usual = 20 * PRICE // 10_000 * 100
    assert weights == {untouched.id: 2 * usual, other.id: usual}


def test_a_right_line_is_paid_and_a_wrong_one_is_held() -> None:
    draw_lines()
    month_ready()
    month_ready()
    run = compute()
    right, wrong = sample.sampled_lines(run)
    look(run, right)
    look(run, wrong, "wrong", note="Planen är en annan")
    assert sorted((f.decision, f.reason) for f in findings(run)) == [
        ("hold", "Planen är en annan"),
        ("pay", "Närvaron, beslutet och planen är sedda."),
    ]
    assert len(control_queries.holds(run)) == 1
    look(run, wrong)
    assert control_queries.holds(run) == []


def test_nothing_is_right_before_all_is_seen_nor_wrong_without_saying_what() -> None:
    draw_lines()
    month_ready()
    run = compute()
    [row] = sample.sampled_lines(run)
    with pytest.raises(Refused, match="Kryssa för det du har sett"):
        checking.look(
            run=run,
            sampled=row,
            seen={**SEEN, "plan_seen": False},
            result="right",
            note="",
            by_id=make.user(Role.FINANCE).id,
        )
    with pytest.raises(Refused, match="Skriv vad som är fel"):
        look(run, row, "wrong")


def test_the_sample_is_not_decided_in_a_heap() -> None:
    draw_lines()
    month_ready()
    run = compute()
    with pytest.raises(Refused, match="en och en"):
        checking.decide(
            run=run,
            findings=findings(run),
            decision="pay",
            reason="Ja",
            by=make.user(Role.FINANCE).id,
        )


def test_a_line_is_looked_at_on_its_page(client: StrictClient) -> None:
    draw_lines()
    placement = month_ready(d9="A")
    run = compute()
    [row] = sample.sampled_lines(run)
    client.login(make.user(Role.FINANCE))
    listed = client.page(f"/korningar/{run.public_id}/urval")
    assert "1 av 1 väntar" in listed.text
    address = listed.links[placement.number]
    page = client.page(address)
    assert "Frånvaro anmäld i tid 9" in page.text
    assert "måndag 9.00–15.00" in page.text
    half = {"attendance_seen": "y", "note": "Ringde enheten"}
    without = client.send(address, "note", result="right", **half)
    assert any("Kryssa för" in error for error in without.page.errors)
    kept = without.page.form("note").fields
    assert kept["note"] == ["Ringde enheten"]
    assert kept["attendance_seen"] == ["y"]
    seen = dict.fromkeys(sample.SEEN, "y")
    client.send(address, "note", result="right", **{**half, **seen})
    assert (row.result, row.note) == ("right", "Ringde enheten")
    done = client.page(f"/korningar/{run.public_id}/urval")
    assert "Alla rader är genomgångna" in done.text


def test_the_frame_is_a_workbook_that_says_how_lines_were_drawn(
    client: StrictClient,
) -> None:
    draw_lines(1)
    placement = month_ready()
    month_ready()
    run = compute()
    client.login(make.user(Role.APPROVER))
    answer = client.get(f"/korningar/{run.public_id}/urval/fil")
    sheets = excel.read_sheets(answer.data)
    names = [row[0] for row in sheets["Ram"][1:]]
    assert f"{placement.number} 2026-02 place 2026-02-01" in names
    assert sorted(row[4] for row in sheets["Ram"][1:]) == ["", "ja"]
    assert dict(row[:2] for row in sheets["Så drogs urvalet"])["frö"] == (
        settings.seed_of(run)
    )


def test_the_approver_sees_the_list_and_does_not_look_for_finance(
    client: StrictClient,
) -> None:
    draw_lines()
    month_ready()
    run = compute()
    [row] = sample.sampled_lines(run)
    client.login(make.user(Role.APPROVER))
    assert "1 av 1 väntar" in client.page(f"/korningar/{run.public_id}/urval").text
    address = f"/korningar/{run.public_id}/urval/{row.public_id}"
    assert client.get(address).status_code == 403


def test_a_line_of_another_run_is_not_found(client: StrictClient) -> None:
    draw_lines()
    month_ready()
    run = compute()
    [row] = sample.sampled_lines(run)
    compute(seen=run)
    other = make.user(Role.FINANCE, municipality=make.municipality(name="Grannstad"))
    client.login(other)
    address = f"/korningar/{run.public_id}/urval/{row.public_id}"
    assert client.get(address).status_code == 404


def test_the_log_tells_that_attendance_was_read(client: StrictClient) -> None:
    draw_lines()
    month_ready()
    run = compute()
    [row] = sample.sampled_lines(run)
    client.login(make.user(Role.FINANCE))
    client.page(f"/korningar/{run.public_id}/urval/{row.public_id}")
    actions = db.session.scalars(select(Audit.action)).all()
    assert "attendance.read" in actions
