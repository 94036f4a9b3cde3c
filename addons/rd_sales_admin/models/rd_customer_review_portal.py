# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .rd_customer_review import BEST, LOW, TOPICS, WORDS


class RdCustomerReview(models.Model):
    """The mail that asks, the page that takes the answer, and what follows from it."""

    _name = "rd.customer.review"
    _inherit = ["rd.customer.review"]

    def _mail(self):
        """Write to each person asked, in his language; a login opens the page."""
        values = []
        for review in self:
            contact, company = review.contact_id, review.company_id
            if not contact.email:
                continue
            lang = contact.lang or company.partner_id.lang or self.env.lang
            review = review.with_context(lang=lang)
            body = review.env["ir.qweb"]._render(
                "rd_sales_admin.review_mail",
                {
                    "company": company,
                    "contact": contact,
                    "review": review,
                    "url": f"{review.get_base_url()}/my/review/{review.id}",
                },
            )
            subject = review.env._(
                "%(company)s: how was our work in %(period)s?",
                company=company.name,
                period=review.name,
            )
            values.append(
                {
                    "subject": subject,
                    "body_html": body,
                    "email_from": company.email_formatted
                    or self.env.user.email_formatted,
                    "recipient_ids": [Command.set(contact.ids)],
                    "auto_delete": True,
                }
            )
        self.env["mail.mail"].create(values)

    # ------------------------------------------------------------------
    # The page
    # ------------------------------------------------------------------
    @api.model
    def _get_portal_domain(self):
        """Return the reviews of the person who looks."""
        return Domain("contact_id", "=", self.env.user.partner_id.id)

    def _get_topics(self):
        """Return which of the questions this person is asked."""
        self.ensure_one()
        return [topic for topic in TOPICS if self[f"asks_{topic}"]]

    def _get_question(self, topic):
        """Return the question as the page puts it."""
        return {
            "reconciliation": self.env._(
                "How content are you with the monthly reconciliation?"
            ),
            "property": self.env._(
                "How content are you with how we keep your tooling and property?"
            ),
        }[topic]

    def _is_open(self):
        """Tell whether the answer may still be given or changed: until the last month
        of the period is closed."""
        self.ensure_one()
        closes = self.env["rd.close"].sudo()
        return not closes.search_count(
            [
                ("company_id", "=", self.sudo().company_id.id),
                ("month", "=", self.date_to.replace(day=1)),
                ("state", "=", "closed"),
            ],
            limit=1,
        )

    def _portal_answer(self, values):
        """Take marks and remarks of the person himself.

        :param dict values: ``mark_…`` and ``remark_…`` by topic, as a form sends them
        :raise AccessError: when somebody else answers
        :raise UserError: without any mark, with one that is none, or after the close
        """
        self.ensure_one()
        self.check_access("read")
        if self.contact_id != self.env.user.partner_id:
            raise AccessError(self.env._("Only the person asked answers."))
        if not self._is_open():
            raise UserError(
                self.env._(
                    "%(period)s is closed and your answer stays as it is.",
                    period=self.name,
                )
            )
        marks = {topic: self._read_mark(values, topic) for topic in self._get_topics()}
        if not any(marks.values()):
            raise UserError(self.env._("Please choose 1 to 5 stars."))
        # A person of the customer writes nothing but this.
        self.sudo()._keep_answer(marks, values)

    def _read_mark(self, values, topic):
        text = str(values.get(f"mark_{topic}") or "0")
        if text not in {str(number) for number in range(BEST + 1)}:
            raise UserError(self.env._("Please choose 1 to 5 stars."))
        return int(text)

    def _keep_answer(self, marks, values):
        """Write the answer, and open a feedback for each low mark, once."""
        written = {
            "state": "answered",
            "answered_date": self.answered_date or self.company_id._rd_today(),
            "changed_date": fields.Datetime.now(),
        }
        for topic, mark in marks.items():
            remark = str(values.get(f"remark_{topic}") or "").strip()[:WORDS]
            written[f"mark_{topic}"] = mark
            written[f"remark_{topic}"] = remark or False
        self._as_internal().write(written)
        for topic, mark in marks.items():
            if 0 < mark <= LOW and not self[f"feedback_{topic}_id"]:
                feedback = self._open_feedback(topic)
                self._as_internal().write({f"feedback_{topic}_id": feedback.id})

    def _open_feedback(self, topic):
        """Open what has to be answered to a person who is not content."""
        company = self.company_id
        lang = company.partner_id.lang or self.env.lang
        review = self.with_context(lang=lang).with_company(company)
        labels = {
            "reconciliation": review.env._("Reconciliation"),
            "property": review.env._("Property"),
        }
        users = company._rd_get_clerks() or company._rd_get_supervisors()
        return review.env["rd.feedback"].create(
            {
                "name": review.env._(
                    "%(topic)s: %(mark)s of 5 stars",
                    topic=labels[topic],
                    mark=self[f"mark_{topic}"],
                ),
                "company_id": company.id,
                "partner_id": self.partner_id.id,
                "said_by": self.contact_id.name,
                "kind": "complaint",
                "channel": "portal",
                "date": company._rd_today(),
                "date_due": company._rd_days_later(company._rd_today(), 3),
                "description": self[f"remark_{topic}"],
                "reference": f"{self._name},{self.id}",
                "user_id": (users[:1] or self.env.user).id,
            }
        )
