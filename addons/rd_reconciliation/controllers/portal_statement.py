# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

FILES = {
    "pdf": ("application/pdf", "_render_paper"),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "_render_workbook",
    ),
}
MOST_BYTES = 32 << 20


def _number(value, least=0):
    """Return a number of a page's address, ``least`` for anything else."""
    return int(value) if str(value).isdecimal() and len(str(value)) < 10 else least


class StatementPortal(CustomerPortal):
    """One statement: a page that looks, and acts that are posted.

    Every rule is the model's. Whoever may not see a statement gets the same answer
    as for one that does not exist.
    """

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------
    @route(
        [
            "/my/statements/<int:statement_id>",
            "/my/statements/<int:statement_id>/page/<int:page>",
        ],
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_statement(self, statement_id, page=1, access_token=None, **kwargs):
        """The page of one statement; a link by token opens it to look at."""
        statement = self._find(statement_id, access_token)
        if not statement:
            return request.redirect("/my")
        return self._render(statement, page, access_token, **kwargs)

    @route(
        "/my/statements/<int:statement_id>/statement.<string:suffix>",
        type="http",
        auth="public",
        website=True,
        methods=["GET"],
    )
    def portal_statement_file(self, statement_id, suffix, access_token=None, **_kwargs):
        """The statement as a PDF or as a workbook to be marked and sent back."""
        statement = self._find(statement_id, access_token)
        if not statement or not self._shows_amounts(statement, access_token):
            return request.redirect("/my")
        if suffix not in FILES:
            return request.redirect("/my")
        mimetype, method = FILES[suffix]
        data = getattr(statement, method)()
        name = f"{statement._get_report_base_filename()}.{suffix}"
        return request.make_response(
            data,
            [
                ("Content-Type", mimetype),
                ("Content-Length", len(data)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @route(
        "/my/statements/<int:statement_id>/proof/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_statement_proof(self, statement_id, attachment_id, **_kwargs):
        """A photo or scan that the affiliate has handed in."""
        statement = self._find(statement_id)
        proof = statement._find_portal_proof(attachment_id) if statement else None
        if not proof:
            return request.redirect("/my")
        stream = request.env["ir.binary"]._get_stream_from(proof)
        return stream.get_response(as_attachment=True)

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------
    @route(
        "/my/statements/<int:statement_id>/line/<int:line_id>",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def portal_statement_line(self, statement_id, line_id, **values):
        """Agree to one line, or dispute it with reason, figures and proof."""
        return self._act(
            statement_id, "_portal_answer_line", line_id, values, self._get_address()
        )

    @route(
        "/my/statements/<int:statement_id>/confirm",
        type="jsonrpc",
        auth="user",
        website=True,
    )
    def portal_statement_confirm(
        self, statement_id, revision=None, content_hash=None, **values
    ):
        """Confirm all lines without dispute, with a signature where one is given."""
        # The signature form can only name the revision in its address.
        query = request.httprequest.args
        answer = self._act(
            statement_id,
            "_portal_confirm",
            revision or _number(query.get("revision")),
            content_hash or query.get("content_hash"),
            self._get_address(),
            values.get("signature"),
        )
        if isinstance(answer, dict):
            return answer
        return {"force_refresh": True, "redirect_url": f"/my/statements/{statement_id}"}

    @route(
        "/my/statements/<int:statement_id>/upload",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_statement_upload(
        self, statement_id, file=None, revision=None, content_hash=None, **values
    ):
        """Hand in a ledger, the marked workbook, or the stamped scan."""
        name, data = self._read_upload(file)
        seen = (_number(revision), content_hash)
        if values.get("kind") == "scan":
            answer = self._act(
                statement_id,
                "_portal_confirm",
                *seen,
                self._get_address(),
                scan=(name, data),
            )
        else:
            answer = self._act(
                statement_id, "_portal_upload", name, data, *seen, self._get_address()
            )
        error = answer["error"] if isinstance(answer, dict) else None
        statement = self._find(statement_id)
        if not statement:
            return request.redirect("/my")
        outcome = answer if isinstance(answer, str) else None
        return self._render(statement, outcome=outcome, error=error)

    # ------------------------------------------------------------------
    # Helpers
    # ------------------------------------------------------------------
    def _find(self, statement_id, token=None):
        return request.env["rd.statement"]._find_for_portal(statement_id, token)

    def _get_address(self):
        return request.httprequest.remote_addr

    def _shows_amounts(self, statement, token):
        return statement._is_shown_whole(request.env.user, token)

    def _read_upload(self, file):
        """Return name and content of an uploaded file, cut off where too large."""
        if not hasattr(file, "read"):
            return "", b""
        return file.filename or "", file.read(MOST_BYTES + 1)

    def _act(self, statement_id, method, *args, **kwargs):
        """Call an act as the user; a refusal is one sentence and changes nothing."""
        statement = request.env["rd.statement"].browse(statement_id)
        try:
            with request.env.cr.savepoint():
                return getattr(statement, method)(*args, **kwargs)
        except (AccessError, MissingError):
            return {"error": request.env._("This statement is not open to you.")}
        except UserError as error:
            return {"error": str(error)}

    def _render(
        self,
        statement,
        page=1,
        access_token=None,
        outcome=None,
        error=None,
        filterby="all",
        search="",
        kind="",
        plant="",
        **_kwargs,
    ):
        own = statement._is_seen_by(request.env.user)
        values = statement._prepare_portal_page(
            page, filterby, search, kind, _number(plant), not own
        )
        url = f"/my/statements/{statement.id}"
        token = {"access_token": access_token} if access_token and not own else {}
        return request.render(
            "rd_reconciliation.portal_statement_page",
            {
                **self._prepare_portal_layout_values(),
                **values,
                "object": statement,
                "url": url,
                "token_args": token,
                "outcome": outcome,
                "error": error,
                "page_name": "rd_statement",
                "pager": portal_pager(
                    url=url,
                    url_args={
                        "filterby": values["filterby"],
                        "search": search,
                        "kind": kind,
                        "plant": plant,
                        **token,
                    },
                    total=values["total_lines"],
                    page=values["page"],
                    step=values["page_size"],
                ),
            },
        )
