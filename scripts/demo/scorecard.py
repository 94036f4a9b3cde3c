# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A year of the scorecard to look back on: entered, and marked as such."""

from dateutil.relativedelta import relativedelta

MONTHS_BACK = 10
# A year in which the desk got better: where each measure began and ended, as part of
# its whole (percent) or on average (others), and out of how many.
COURSES = {
    "collected_outside": (0.88, 0.99, 600_000),
    "collected_affiliates": (0.83, 0.95, 2_400_000),
    "lists_on_time": (0.75, 1.0, 8),
    "rows_right": (0.94, 0.99, 320),
    "agreed_as_sent": (0.81, 0.96, 240),
    "days_to_agree": (9.0, 4.5, 6),
    "acts_per_affiliate": (14.0, 4.0, 6),
    "days_per_affiliate": (12.0, 6.0, 6),
    "left_open": (0.17, 0.0, 6),
    "invoiced_in_time": (0.67, 1.0, 6),
    "never_red": (0.9, 1.0, 12),
    "fapiao_days": (8.5, 4.0, 12),
    "agreed_price": (0.95, 1.0, 230),
    "signed_first": (0.7, 0.93, 15),
    "fresh_news": (0.72, 0.94, 30),
    "handed_over": (0.8, 0.95, 20),
    "property_right": (0.93, 0.99, 60),
    "work_achieved": (0.8, 0.97, 24),
    "reports_on_time": (0.75, 1.0, 8),
    "reports_right": (0.88, 1.0, 8),
    "reviewed": (3.9, 4.6, 10),
}


def look_back(desk, months):
    """Enter the frozen scorecards of the months before the demo's own."""
    measures = desk.env["rd.scorecard.measure"].search([])
    cards = desk.env["rd.scorecard"]._as_internal()
    first = months[0].replace(day=1)
    for number in range(MONTHS_BACK):
        part = number / (MONTHS_BACK - 1)
        card = cards.create(
            {
                "company_id": desk.company.id,
                "month": first - relativedelta(months=MONTHS_BACK - number),
                "is_demo": True,
                "line_ids": [
                    (0, 0, _prepare_line(measure, part))
                    for measure in measures
                    if measure.code in COURSES
                ],
            }
        )
        card._move_to("frozen", {"content_hash": card._get_content_hash()})


def count(desk):
    """Count the running months, as is done every night."""
    for card in desk.env["rd.scorecard"]._ensure_open(desk.company):
        card._count()


def _prepare_line(measure, part):
    start, end, whole = COURSES[measure.code]
    level = start + (end - start) * part
    # A month in four was worse than the one before it.
    wobble = 0.02 * (1 if round(part * 9) % 4 else -2)
    if measure.unit == "percent":
        level = min(1.0, max(0.0, level + wobble))
    return {
        "measure_id": measure.id,
        "numerator": round(level * whole),
        "denominator": whole,
        "unit": measure.unit,
        "better": measure.better,
        "has_target": measure.has_target,
        "target": measure.target,
    }
