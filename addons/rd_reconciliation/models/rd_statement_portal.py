# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError

AMOUNTS = frozenset({"amount_untaxed", "amount_tax", "amount_total"})
# All a portal user can read of a statement, search in it or sort it by.
SHOWN = frozenset(
    {
        *("id", "display_name", "name", "company_id", "partner_id", "currency_id"),
        *("date_from", "date_to", "state", "revision", "content_hash", "sent_date"),
        *("confirmed_date", "confirmed_by", "confirmation_channel", "access_url"),
        *("message_ids", "website_message_ids"),
    }
)
ANSWERABLE = ("sent", "disputed")


class RdStatement(models.Model):
    """Who of the affiliate sees a statement on the portal, and who may do what.

    Fields are shown by a list of names: what is not on it, a portal user cannot
    read, search, sort or group by, on any way in.
    """

    _name = "rd.statement"
    _inherit = ["rd.statement", "portal.mixin"]

    # ------------------------------------------------------------------
    # What is shown
    # ------------------------------------------------------------------
    @api.model
    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        return self._is_shown(field.name, SHOWN, AMOUNTS)

    @api.model
    def _is_shown(self, name, shown, amounts):
        """Tell whether the user may see a field, by lists of names for the portal."""
        if self.env.su or not self.env.user.share:
            return True
        return name in shown or (name in amounts and self._shows_amounts())

    @api.model
    def _get_portal_role(self):
        """Return what the user does for an affiliate on the portal, or False."""
        user = self.env.user
        return user.active and user._is_portal() and user.partner_id.rd_portal_role

    @api.model
    def _shows_amounts(self):
        """Tell whether the user may see prices and amounts."""
        if not self.env.user.share:
            return True
        return self._get_portal_role() in ("purchasing_amounts", "finance")

    def _compute_access_url(self):
        res = super()._compute_access_url()
        for statement in self:
            statement.access_url = f"/my/statements/{statement.id}"
        return res

    def _fix_revision(self):
        """Make the link by which it can be looked at with the first revision."""
        res = super()._fix_revision()
        for statement in self:
            statement._portal_ensure_token()
        return res

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, hash=None, pid=None, token=None, **kwargs
    ):
        """Let a link look at the page only: it writes nothing and reads no messages.

        A person of the affiliate who has signed in writes by the own rights.
        """
        thread = super()._get_thread_with_access(
            thread_id, hash=None, pid=None, token=None, **kwargs
        )
        if thread or not self._get_portal_role():
            return thread
        return super()._get_thread_with_access(thread_id, mode="read")

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Keep messages from those who may not see amounts, on every way in.

        A reply bears prices in its words as well as in its files: they read what
        they wrote and what was sent to them by name.
        """
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "read" and not self._shows_amounts():
            # who looks a statement up in it finds no operation that would do
            return defaultdict(bool)
        return operations

    # ------------------------------------------------------------------
    # Who may act
    # ------------------------------------------------------------------
    def _check_portal_actor(self, finance=False):
        """Refuse anyone but a signed-in person of this affiliate with a role.

        :param bool finance: whether only finance may do it
        """
        self.ensure_one()
        role = self._get_portal_role()
        if not role:
            raise AccessError(
                self.env._(
                    "Only a person of the affiliate who has signed in can answer a "
                    "statement here."
                )
            )
        self.check_access("read")
        # The rules say so already; an answer is worth a second look.
        ours = self.env.user.commercial_partner_id
        if self.sudo().partner_id.commercial_partner_id != ours:
            raise AccessError(self.env._("This statement is not yours."))
        if finance and role != "finance":
            raise UserError(
                self.env._(
                    "Your finance department confirms the whole statement; you can "
                    "answer its lines."
                )
            )

    def _check_answerable(self, revision, content_hash):
        """Refuse an answer to what is no longer asked, or to an older revision."""
        self.ensure_one()
        if self.state not in ANSWERABLE:
            raise UserError(
                self.env._(
                    "%(statement)s has been confirmed; write us a message if "
                    "something is still wrong.",
                    statement=self.name,
                )
                if self.state in ("confirmed", "agreed", "invoiced", "closed")
                else self.env._(
                    "%(statement)s does not wait for an answer.", statement=self.name
                )
            )
        if revision != self.revision or content_hash != self.content_hash:
            raise UserError(
                self.env._(
                    "%(statement)s has been sent anew as revision %(revision)s; open "
                    "it again and answer that one.",
                    statement=self.name,
                    revision=self.revision,
                )
            )
