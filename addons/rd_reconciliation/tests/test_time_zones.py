# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One time zone of the company, wherever a day or a month is counted."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from freezegun import freeze_time

from odoo.tests import tagged

from .common import ReconciliationCommon

# Both ends of the day line, clocks that change at midnight (Beirut, where 31 March 2024
# has none; Havana and the Azores, where a day of autumn has two) or by half an hour.
FEW = (
    *("UTC", "Asia/Shanghai", "Pacific/Pago_Pago", "Pacific/Kiritimati"),
    *("Europe/Paris", "America/Havana"),
)
ZONES = (
    *FEW,
    *("Asia/Seoul", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran", "Asia/Beirut"),
    *("Asia/Tokyo", "Africa/Cairo", "Africa/Casablanca", "Atlantic/Azores"),
    *("Europe/London", "America/New_York", "America/St_Johns", "America/Sao_Paulo"),
    *("America/Los_Angeles", "Australia/Lord_Howe", "Australia/Adelaide"),
    *("Pacific/Auckland", "Pacific/Chatham", "Pacific/Marquesas"),
)
# years that are over: their clocks are known, to every table of time zones alike
FIRST = date(2024, 1, 1)
SECOND = timedelta(seconds=1)


def local_date(zone, moment):
    """Return the calendar day of a naive UTC moment, by Python's own zones."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def utc(zone, day):
    """Return the first naive UTC second of a day, by Python's own zones."""
    moment = datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC)
    return moment.replace(tzinfo=None)


class TimeZoneCase(ReconciliationCommon):
    """Six deliveries around the ends of a month, as each page counts them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        part = cls.parts[0]
        order = cls._create_order([(part, 60, 10.0)])
        cls.pickings = cls.env["stock.picking"]
        for number in range(6):
            cls.pickings |= cls._deliver(
                order, {part: 1}, f"DN-{number}", date(2026, 9, 10)
            )

    def _check(self, zones, months):
        """Compare statement, lists and reports with the calendar of each zone."""
        for zone in zones:
            self.company.rd_tz = zone
            self._check_days(zone)
            for number in months:
                month = FIRST + relativedelta(months=number)
                with self.subTest(zone=zone, month=month):
                    self._check_and_forget(zone, month)

    def _check_and_forget(self, zone, month):
        savepoint = self.env.cr.savepoint()
        try:
            self._check_month(zone, month)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _check_days(self, zone):
        """Each of the days of two years begins and ends with its own seconds."""
        for number in range(730):
            day = FIRST + timedelta(days=number)
            start = self.company._rd_day_start(day)
            self.assertEqual(local_date(zone, start), day)
            self.assertEqual(local_date(zone, start - SECOND), day - timedelta(days=1))

    def _check_month(self, zone, month):
        after = month + relativedelta(months=1)
        moments = self._move_deliveries(zone, month, after)
        expected = {
            picking.rd_note
            for picking, moment in moments.items()
            if month <= local_date(zone, moment) < after
        }
        self.assertLessEqual({"DN-1", "DN-2"}, expected)
        for name, found in self._read_month(month, after).items():
            self.assertEqual(found, expected, name)
        for moment in moments.values():
            with freeze_time(moment):
                self.assertEqual(self.company._rd_today(), local_date(zone, moment))

    def _move_deliveries(self, zone, month, after):
        """Date the deliveries around the month's ends, in the zone and in UTC."""
        start, end = utc(zone, month), utc(zone, after)
        moments = (start - SECOND, start, end - SECOND, end)
        moments += (datetime.combine(month, time.min),)
        moments += (datetime.combine(after, time.min) - SECOND,)
        found = dict(zip(self.pickings, moments, strict=True))
        self.company.rd_start_date = month
        self.env.flush_all()
        for picking, moment in found.items():
            self.env.cr.execute(
                "UPDATE stock_move SET date = %s WHERE picking_id = %s",
                [moment, picking.id],
            )
        self.env.invalidate_all()
        return found

    def _read_month(self, month, after):
        """Return the notes of the month, as each reader finds them."""
        last = after - timedelta(days=1)
        within = [("date", ">=", month), ("date", "<=", last)]
        shipped = self.env["rd.sales.report"].search(
            [
                *within,
                ("state", "=", "2_shipped"),
                ("partner_id", "=", self.affiliate.id),
            ]
        )
        waiting = self.env["rd.dispatched.report"].search(
            [*within, ("partner_id", "=", self.affiliate.id)]
        )
        portions = self.env["stock.move"]._rd_get_portions(
            self.company, self.affiliate, last
        )
        found = {
            "shipped": set(self._get_notes(shipped.mapped("res_id"))),
            "waiting": set(waiting.picking_id.mapped("rd_note")),
            "portions": {portion.note for portion in portions},
        }
        lines = self._build(self._open_close(month)).line_ids
        found["statement"] = set(lines.mapped("note"))
        dated = lines.filtered(lambda line: month <= line.date <= last)
        found["days of the statement"] = set(dated.mapped("note"))
        return found

    def _get_notes(self, ids):
        return self.env["stock.picking"].browse(ids).mapped("rd_note")


@tagged("post_install", "-at_install")
class TestTimeZones(TimeZoneCase):
    """Six zones, at the ends of three months; users elsewhere change nothing."""

    def test_month_ends(self):
        self.env.user.tz = "America/Los_Angeles"
        self._check(FEW, (1, 2, 9))


@tagged("-standard", "rd_nightly", "post_install", "-at_install")
class TestTimeZonesNightly(TimeZoneCase):
    """25 zones, each end of 24 months."""

    def test_month_ends_of_two_years(self):
        self.assertEqual(len(set(ZONES)), 25)
        self._check(ZONES, range(24))
