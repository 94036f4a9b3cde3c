# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from base64 import b64decode
from binascii import Error as NotBase64

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import consteq

# All a portal user can read of a contract, search in it or sort it by.
SHOWN = frozenset(
    {
        *("id", "display_name", "name", "version", "subject", "company_id", "state"),
        *("partner_id", "signer_id", "currency_id", "amount", "kind", "date_from"),
        *("date_to", "date_signed", "revision", "content_hash", "access_url"),
        *("message_ids", "website_message_ids"),
    }
)
MOST_BYTES = 2 << 20


class RdContract(models.Model):
    """The contract on the portal: who signs sees it; a link by token only looks."""

    _name = "rd.contract"
    _inherit = ["rd.contract"]

    @api.model
    def _has_field_access(self, field, operation):
        if not super()._has_field_access(field, operation):
            return False
        return self.env.su or not self.env.user.share or field.name in SHOWN

    def _fix_revision(self):
        """Make the link by which it can be looked at with the first revision."""
        res = super()._fix_revision()
        for contract in self:
            contract._as_internal()._portal_ensure_token()
        return res

    @api.model
    def _get_thread_with_access(
        self, thread_id, *, hash=None, pid=None, token=None, **kwargs
    ):
        """Let a link look at the page only: it writes nothing and reads no messages."""
        thread = super()._get_thread_with_access(
            thread_id, hash=None, pid=None, token=None, **kwargs
        )
        if thread or not self.env.user._is_portal():
            return thread
        return super()._get_thread_with_access(thread_id, mode="read")

    @api.model
    def _find_for_portal(self, contract_id, token=None):
        """Return the contract as system where user or token may see it, or nothing."""
        contract = self.browse(contract_id).exists()
        if not contract:
            return contract
        known = contract.sudo()
        shown = known.state not in ("draft", "cancelled")
        valid = token and known.access_token and consteq(known.access_token, str(token))
        if shown and (valid or contract.has_access("read")):
            return known
        return self.browse()

    def _may_sign(self):
        """Tell whether the present user is the one who signs this contract."""
        self.ensure_one()
        user = self.env.user
        contract = self.sudo()
        return bool(
            user.active
            and user._is_portal()
            and contract.signer_id == user.partner_id
            and contract.state == "signature"
        )

    def _portal_sign(self, name, signature, revision, content_hash, address):
        """Take the signature of the one who signs, for the very text that was seen.

        :raise AccessError: for anybody else
        :raise UserError: for an empty signature, or a text that has changed since
        """
        self.ensure_one()
        self.check_access("read")
        contract = self.sudo()
        if contract.signer_id != self.env.user.partner_id or (
            not self.env.user._is_portal()
        ):
            raise AccessError(self.env._("This contract is signed by somebody else."))
        if revision != contract.revision or content_hash != contract.content_hash:
            raise UserError(
                self.env._(
                    "%(contract)s has been sent anew as revision %(revision)s; open "
                    "it again and sign that one.",
                    contract=contract.display_name,
                    revision=contract.revision,
                )
            )
        who = (name or "").strip()[:100]
        if not who or not _is_image(signature):
            raise UserError(self.env._("Write your name and your signature."))
        contract._sign("portal", who, signature=signature)
        contract.message_post(
            body=self.env._(
                "Signed on the portal by %(who)s (%(user)s, %(address)s).",
                who=who,
                user=self.env.user.name,
                address=address or "",
            ),
            author_id=self.env.user.partner_id.id,
        )
        return True

    @api.model
    def _get_portal_domain(self):
        return [("signer_id", "=", self.env.user.partner_id.id)]

    @api.model
    def _count_to_sign(self):
        if not self.has_access("read"):
            return 0
        return self.search_count(
            [*self._get_portal_domain(), ("state", "=", "signature")]
        )


def _is_image(signature):
    """Tell whether a signature is the picture that the form sends."""
    if not isinstance(signature, str) or not 0 < len(signature) < MOST_BYTES:
        return False
    try:
        data = b64decode(signature, validate=True)
    except (NotBase64, ValueError):
        return False
    return data.startswith(b"\x89PNG\r\n")
