"""What may be decided about what a unit is told of its payment, and when."""

from lovdv.systems.rule_fields import RuleForm, Whole


class BasisForm(RuleForm):
    key, title = "basis", "Utförarens underlag"
    own = ("run_by_day", "pay_by_day", "answer_days")

    run_by_day = Whole("Dag i nästa månad då månaden senast är räknad", 1, 28)
    pay_by_day = Whole("Dag i nästa månad då månaden senast är betald", 1, 28)
    answer_days = Whole("Dagar att svara på en invändning mot ersättningen", 1, 90)
