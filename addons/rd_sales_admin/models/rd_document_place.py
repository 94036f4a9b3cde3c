# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from odoo import api, fields, models
from odoo.exceptions import UserError


class RdDocumentPlace(models.Model):
    """Where papers stand: a tree of rooms, shelves, boxes and binders."""

    _name = "rd.document.place"
    _description = "Place of Papers"
    _inherit = ["mail.thread"]
    _parent_name = "parent_id"
    _parent_store = True
    _order = "complete_name"
    _rec_name = "complete_name"
    _rec_names_search = ["complete_name", "code"]
    _check_company_auto = True

    name = fields.Char(required=True)
    code = fields.Char(
        string="Label", help="What stands on the back of the box or binder.", copy=False
    )
    kind = fields.Selection(
        [
            ("room", "Room"),
            ("shelf", "Shelf"),
            ("box", "Box"),
            ("binder", "Binder"),
        ],
        required=True,
        default="box",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    parent_id = fields.Many2one(
        "rd.document.place",
        string="Stands in",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("rd.document.place", "parent_id")
    complete_name = fields.Char(
        string="Place",
        compute="_compute_complete_name",
        store=True,
        recursive=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Kept by",
        help="Does the quarterly check, and gets what it finds as tasks.",
        default=lambda self: self.env.user,
    )
    active = fields.Boolean(default=True)
    document_ids = fields.One2many("rd.document", "place_id")
    document_count = fields.Integer(compute="_compute_document_count")

    _code_once = models.UniqueIndex(
        "(company_id, code) WHERE code IS NOT NULL",
        "Another place already has this label.",
    )

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for place in self:
            parts = (place.parent_id.complete_name, place.name)
            place.complete_name = " / ".join(part for part in parts if part)

    @api.depends("document_ids.place_id")
    def _compute_document_count(self):
        """Count the papers in each place and in what stands in it."""
        groups = self.env["rd.document"]._read_group(
            [("place_id", "child_of", self.ids)], ["place_id"], ["__count"]
        )
        for place in self:
            prefix = place.parent_path or "-"
            place.document_count = sum(
                count
                for inner, count in groups
                if (inner.parent_path or "").startswith(prefix)
            )

    def _check_tree(self, parent_id):
        """Refuse what Odoo would only call a recursion."""
        above = self.browse(parent_id or ()).parent_path or ""
        if set(self.ids) & {int(number) for number in above.split("/") if number}:
            raise UserError(self.env._("A place cannot stand in itself."))

    @api.constrains("active")
    def _check_empty(self):
        """A place that still holds papers is not put aside."""
        gone = self.filtered(lambda place: not place.active)
        held = (
            self.env["rd.document"]
            .sudo()
            .search([("place_id", "child_of", gone.ids)], limit=1)
        )
        if gone and held:
            raise UserError(
                self.env._(
                    "%(place)s still holds %(paper)s; put it somewhere else first.",
                    place=held.place_id.complete_name,
                    paper=held.display_name,
                )
            )

    def write(self, vals):
        if "company_id" in vals and any(
            place.company_id.id != vals["company_id"] for place in self
        ):
            raise UserError(self.env._("A place stays with its company."))
        self._check_tree(vals.get("parent_id"))
        return super().write(vals)

    def action_open_documents(self):
        """Open the papers that stand here."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.complete_name,
            "res_model": "rd.document",
            "view_mode": "list,kanban,form",
            "domain": [("place_id", "child_of", self.ids)],
            "context": {"default_place_id": self.id},
        }

    def _get_checked_place(self):
        """Return the box or binder whose check covers this place, or nothing: the
        outermost one, as a binder in a box is looked at with the box."""
        self.ensure_one()
        found = self.browse()
        place = self
        while place:
            if place.kind in ("box", "binder"):
                found = place
            place = place.parent_id
        return found

    # ------------------------------------------------------------------
    # Paper
    # ------------------------------------------------------------------
    def _rd_prepare_paper(self):
        """Return the index of what stands here, see ``rd.document.paper``."""
        self.ensure_one()
        documents = self.env["rd.document"].search(
            [("place_id", "child_of", self.ids)], order="place_id, kind, name"
        )
        return self.env["rd.document.paper"]._prepare_index(
            self,
            self.env._("Index of %s", self.complete_name),
            documents,
            [
                (self.env._("Label"), self.code or ""),
                (self.env._("Kept by"), self.user_id.name or ""),
            ],
        )

    def _rd_prepare_label(self):
        """Return what stands on the label: names, kinds of papers, years, a QR code
        that opens the place on a phone."""
        self.ensure_one()
        documents = self.env["rd.document"].search([("place_id", "child_of", self.ids)])
        labels = dict(documents._fields["kind"]._description_selection(self.env))
        years = sorted({document.date.year for document in documents})
        return {
            "company": self.company_id.name,
            "kinds": [labels[kind] for kind in dict.fromkeys(documents.mapped("kind"))],
            "years": f"{years[0]} – {years[-1]}" if years else "",
            "count": len(documents),
            "qr": self.env["rd.document.paper"]._get_qr(
                f"{self.get_base_url()}/odoo/filing-places/{self.id}"
            ),
        }
