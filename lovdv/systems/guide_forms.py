"""What is decided about guides: how often they say whether they have a conflict."""

from lovdv.systems.rule_fields import RuleForm, Whole


class GuideForm(RuleForm):
    key, title = "guide", "Lotsar"
    own = ("declare_months",)

    declare_months = Whole(
        "Månader efter vilka en lots anmäler jäv, eller inget jäv, på nytt", 1, 36
    )
