# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Reminders and silence meet somebody who writes the same statements, and a bad one."""

import pytest

pytestmark = pytest.mark.server

# every statement was sent two months ago and nobody has answered
SENT = """
run_cron()
domain = [("state", "=", "draft"),
          ("partner_id.rd_settlement_mode", "=", "statement_confirm")]
env["rd.statement"].search(domain).action_send()
env.flush_all()
env.cr.execute("UPDATE rd_statement SET sent_date = sent_date - interval '60 days' "
               "WHERE state = 'sent'")
env.cr.commit()
env.invalidate_all()
"""
# Affiliate 4 fails; Affiliate 2 is written by somebody else twice, after the action
# has taken its snapshot; Affiliate 5 always. What stands on paper before is gone with
# the transaction.
TROUBLE = """
left = {"Affiliate 2": 2, "Affiliate 5": 10**6}


def meet(original, self, *args):
    name = self.partner_id.name
    if name == "Affiliate 4":
        raise ZeroDivisionError("planted")
    result = original(self, *args)
    if left.get(name):
        left[name] -= 1
        with self.env.registry.cursor() as other:
            other.execute("UPDATE rd_statement SET write_date = write_date "
                          "WHERE id = %s", [self.id])
        self.env.cr.execute("UPDATE rd_statement SET write_date = write_date "
                            "WHERE id = %s", [self.id])
    return result


wrap("rd.statement", METHOD, meet)
"""
TOLD = """
    SELECT partner.name, COUNT(*)
      FROM mail_activity activity
      JOIN rd_statement statement ON statement.id = activity.res_id
      JOIN res_partner partner ON partner.id = statement.partner_id
     WHERE activity.res_model = 'rd.statement'
     GROUP BY partner.name ORDER BY partner.name
"""
CRONS = {"_escalate_silence": "ir_cron_silence", "_tell_to_call": "ir_cron_remind"}


@pytest.mark.parametrize("method", CRONS)
def test_one_run_reaches_everybody_it_can(
    method, make_database, world, start_child, query, violations
):
    database = make_database(world)
    start_child(database, run=SENT).finish()
    assert query(database, TOLD) == []
    run = f'run_cron("rd_reconciliation.{CRONS[method]}")'
    output = start_child(database, f"METHOD = {method!r}\n{TROUBLE}", run=run).finish()
    # three months each; a conflict is tried again within the run, and no error
    reached = [(f"Affiliate {number}", 3) for number in (1, 2, 3, 6)]
    assert query(database, TOLD) == reached
    assert output.count(" starts again: 40001") >= 2
    assert " ERROR " in output and output.count("ZeroDivisionError") >= 1
    assert "SerializationFailure" not in output

    # without the trouble the next run tells the rest, and nobody twice
    start_child(database, run=run).finish()
    everybody = [(f"Affiliate {number}", 3) for number in range(1, 7)]
    assert query(database, TOLD) == everybody
    assert violations(database) == []
