# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal


class ContractPortal(CustomerPortal):
    """Contracts to sign: a list, a page that looks, and one act.

    Whoever may not see a contract gets the same answer as for one that does not
    exist.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "rd_contract_count" in counters:
            values["rd_contract_count"] = request.env["rd.contract"]._count_to_sign()
        return values

    @route(
        "/my/contracts",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_my_contracts(self, **_kwargs):
        """The contracts that the user signs or has signed."""
        contracts = request.env["rd.contract"]
        found = contracts
        if contracts.has_access("read"):
            found = contracts.search(
                contracts._get_portal_domain(), order="id desc", limit=200
            )
        return request.render(
            "rd_sales_admin.portal_my_contracts",
            {
                **self._prepare_portal_layout_values(),
                "contracts": found,
                "page_name": "rd_contracts",
            },
        )

    @route(
        "/my/contracts/<int:contract_id>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_contract(self, contract_id, access_token=None, **_kwargs):
        """The page of one contract; a link by token opens it to look at."""
        contract = self._find_contract(contract_id, access_token)
        if not contract:
            return request.redirect("/my")
        return request.render(
            "rd_sales_admin.portal_contract",
            {
                **self._prepare_portal_layout_values(),
                "contract": contract,
                "may_sign": contract.with_env(request.env)._may_sign(),
                "access_token": access_token,
                "page_name": "rd_contract",
            },
        )

    @route(
        "/my/contracts/<int:contract_id>/text",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_contract_text(self, contract_id, access_token=None, **_kwargs):
        """The text of the contract as a file."""
        contract = self._find_contract(contract_id, access_token)
        if not contract or not contract.document:
            return request.redirect("/my")
        stream = request.env["ir.binary"]._get_stream_from(
            contract, "document", filename=contract.document_name
        )
        response = stream.get_response(as_attachment=True)
        response.headers["Content-Disposition"] = content_disposition(
            contract.document_name or f"{contract.name}.pdf"
        )
        return response

    @route(
        "/my/contracts/<int:contract_id>/paper",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
        readonly=True,
    )
    def portal_contract_paper(self, contract_id, access_token=None, **_kwargs):
        """The contract paper as PDF, as it is known today."""
        contract = self._find_contract(contract_id, access_token)
        if not contract:
            return request.redirect("/my")
        content = contract._render_paper()
        name = f"{contract.name}.pdf".replace("/", "-")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @route(
        "/my/contracts/<int:contract_id>/sign",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def portal_contract_sign(self, contract_id, name=None, signature=None, **_kwargs):
        """Sign the revision whose page was open."""
        # The signature form can only name the revision in its address.
        query = request.httprequest.args
        revision = query.get("revision", "")
        contract = request.env["rd.contract"].browse(contract_id)
        try:
            with request.env.cr.savepoint():
                contract._portal_sign(
                    name,
                    signature,
                    int(revision) if revision.isdecimal() else 0,
                    query.get("content_hash"),
                    request.httprequest.remote_addr,
                )
        except (AccessError, MissingError):
            return {"error": request.env._("This contract is not open to you.")}
        except UserError as error:
            return {"error": str(error)}
        return {"force_refresh": True, "redirect_url": f"/my/contracts/{contract_id}"}

    def _find_contract(self, contract_id, token=None):
        return request.env["rd.contract"]._find_for_portal(contract_id, token)
