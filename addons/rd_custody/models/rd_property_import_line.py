# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
from collections import defaultdict
from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.rd_sales_admin.tools.units import same_unit

from .rd_property_import_words import is_good, kind_of

ANSWERS = ("partner_id", "kind", "quantity", "uom_id", "received_on")
COPIED = (
    *("description", "specification", "serial", "mark", "application"),
    *("clause", "value", "note"),
)


class RdPropertyImportLine(models.Model):
    """One row of a register kept elsewhere: its verdict and the card it becomes."""

    _name = "rd.property.import.line"
    _description = "Row of a Property Register"
    _inherit = ["rd.guarded.mixin"]
    _order = "import_id, row, id"
    _rec_name = "description"
    _check_company_auto = True

    import_id = fields.Many2one(
        "rd.property.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="import_id.company_id", store=True, index=True)
    import_state = fields.Selection(related="import_id.state")
    row = fields.Integer(help="Row number in the spreadsheet.")
    number = fields.Char()
    owner_text = fields.Char(string="Owner as written")
    partner_id = fields.Many2one(
        "res.partner", string="Owner", check_company=True, ondelete="set null"
    )
    kind_text = fields.Char(string="Kind as written")
    kind = fields.Selection(
        selection=lambda self: self.env["rd.property"]._fields["kind"].selection
    )
    description = fields.Char(string="Name")
    specification = fields.Char(string="Specification, drawing no.")
    serial = fields.Char(string="Serial number")
    mark = fields.Char(string="Customer's mark")
    quantity = fields.Float(digits="Product Unit")
    unit = fields.Char()
    uom_id = fields.Many2one("uom.uom", string="Our unit")
    received_on = fields.Date()
    document = fields.Char(string="Paper")
    clause = fields.Char()
    verified = fields.Char()
    place = fields.Char()
    custodian = fields.Char(string="Custodian as written")
    custodian_id = fields.Many2one("res.users")
    application = fields.Char(string="Used by")
    returned_on = fields.Date()
    value = fields.Float()
    photo_name = fields.Char(string="Photo")
    has_photo = fields.Boolean(string="Photo found")
    note = fields.Text(string="Remarks")
    verdict = fields.Selection(
        [
            ("ready", "Ready"),
            ("unknown", "Owner not known"),
            ("refused", "Cannot be taken so"),
            ("known", "Here already"),
            ("dismissed", "Left out"),
            ("taken", "Card made"),
        ],
        required=True,
        default="ready",
        index=True,
    )
    message = fields.Char(string="What is to be done")
    property_id = fields.Many2one(
        "rd.property", string="Card", index="btree_not_null", ondelete="set null"
    )

    @api.model
    def _get_guarded_fields(self):
        return self._get_stored_names() - set(ANSWERS)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Rows of a register are answered, not deleted."))

    def write(self, vals):
        if self._is_internal():
            return super().write(vals)
        for line in self:
            if line.import_state != "checked" or line.verdict in ("dismissed", "taken"):
                raise UserError(
                    self.env._("Row %s is settled and does not change.", line.row)
                )
        res = super().write(vals)
        self._judge()
        return res

    @api.model
    def _prepare_row(self, number, cells):
        texts = {
            name: cells.get(name) or False
            for name in (
                *("number", "description", "specification", "serial", "mark", "unit"),
                *("document", "clause", "verified", "place", "custodian"),
                *("application", "note"),
            )
        }
        return {
            "row": number,
            **texts,
            "owner_text": cells.get("owner") or False,
            "kind_text": cells.get("kind") or False,
            "kind": kind_of(cells.get("kind")),
            "quantity": float(cells.get("quantity") or 0),
            "value": float(cells.get("value") or 0),
            "received_on": self._as_day(cells.get("received")),
            "returned_on": self._as_day(cells.get("returned")),
            "photo_name": cells.get("photo") or False,
        }

    @api.model
    def _as_day(self, day):
        return day.date() if isinstance(day, datetime) else day or False

    # ------------------------------------------------------------------
    # Verdicts
    # ------------------------------------------------------------------
    def action_answer(self):
        """Open the row, to say what is asked."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Row %s", self.row),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_dismiss(self):
        """Leave these rows out; they make no card."""
        self.import_id.check_access("write")
        for line in self:
            if line.import_state != "checked" or line.verdict == "taken":
                raise UserError(
                    self.env._("Row %s is settled and does not change.", line.row)
                )
        self._as_internal().write({"verdict": "dismissed", "message": False})
        return True

    def _judge(self):
        """Give each row that is not settled its verdict, each file as a whole."""
        for record in self.import_id:
            rows = record.line_ids.filtered(
                lambda line: line.verdict not in ("dismissed", "taken")
            ).sorted("row")
            rows._find_names(record)
            known, seen = rows._get_known(), {}
            for line in rows:
                verdict, message = line._get_verdict(known, seen)
                line._as_internal().write({"verdict": verdict, "message": message})

    def _find_names(self, record):
        """Fill in owner, unit, custodian and photo, each looked up once for all."""
        owners = self._find_all("res.partner", "owner_text", ("name", "ref"))
        units = self._find_units()
        users = self._find_all("res.users", "custodian", ("name", "login"))
        photos = record._get_photo_names()
        self._find_owners(record, owners)
        for line in self:
            keys = (line.photo_name, line.number, line.serial, line.mark)
            line._as_internal().write(
                {
                    "kind": line.kind or (not line.kind_text and record.kind),
                    "uom_id": (line.uom_id or units[line.unit or ""]).id,
                    "custodian_id": users.get(
                        (line.custodian or "").strip().lower(), users[""]
                    ).id,
                    "has_photo": any(
                        record._stem(key) in photos for key in keys if key
                    ),
                }
            )

    def _find_owners(self, record, owners):
        """Fill in the owners; those of one owner in one go, for each is checked."""
        found = defaultdict(self.browse)
        for line in self.filtered(lambda one: not one.partner_id):
            text = (line.owner_text or "").strip().lower()
            found[owners.get(text) if text else record.partner_id] |= line
        for owner, lines in found.items():
            if owner:
                lines._as_internal().write({"partner_id": owner.id})

    def _find_units(self):
        """Return ``{as written: our unit}``; pieces where nothing is written, none
        where nobody knows it."""
        piece = self.env.ref("uom.product_uom_unit")
        ours = piece | self.env["uom.uom"].search([("active", "=", True)])
        # People write "只" whatever Odoo's own pieces are called in their language.
        names = [*ours.mapped("name"), *ours.with_context(lang="en_US").mapped("name")]
        called = list(zip(names, [*ours, *ours], strict=True))
        found = {"": piece}
        for text in {line.unit for line in self} - {False}:
            exact = [unit for name, unit in called if name.lower() == text.lower()]
            alike = [unit for name, unit in called if same_unit(text, name)]
            found[text] = next(iter([*exact, *alike]), ours.browse())
        return found

    def _find_all(self, model, name, fields_asked):
        """Return ``{text in small letters: the one record that is called so}``."""
        records = self.env[model]
        texts = {(line[name] or "").strip().lower() for line in self} - {""}
        found = {"": records.browse()}
        if not texts:
            return found
        domain = fields.Domain.OR(
            fields.Domain(field, "=ilike", self._as_typed(text))
            for text in texts
            for field in fields_asked
        )
        if model != "res.users":
            domain &= fields.Domain("company_id", "in", [False, *self.company_id.ids])
        many = {}
        for record in records.search(domain):
            for field in fields_asked:
                text = (record[field] or "").strip().lower()
                if text in texts:
                    many.setdefault(text, set()).add(record.id)
        for text, ids in many.items():
            if len(ids) == 1:
                found[text] = records.browse(ids)
        return found

    @api.model
    def _as_typed(self, text):
        return self.env["rd.property"]._as_typed(text)

    def _get_known(self):
        """Return the keys of the cards that are here already."""
        cards = self.env["rd.property"].with_context(active_test=False)
        found = cards.search_fetch(
            [
                ("company_id", "in", self.company_id.ids),
                "|",
                ("name", "in", [line.number for line in self if line.number]),
                ("partner_id", "in", self.partner_id.ids),
            ],
            ["name", "serial", "partner_id", "description", "specification", "mark"],
        )
        known = {}
        for card in found:
            for key in self._get_keys(card, card.name):
                known.setdefault(key, card.name)
        return known

    @api.model
    def _get_keys(self, thing, number):
        """Return by what a card is the same as another."""
        owner = thing.partner_id.id
        keys = [("number", number)] if number else []
        if thing.serial:
            return [*keys, ("serial", owner, thing.serial)]
        looks = [thing[name] or "" for name in ("description", "specification", "mark")]
        return [*keys, ("looks", owner, *looks)]

    def _get_verdict(self, known, seen):
        if not self.partner_id:
            return "unknown", self.env._(
                "Choose the owner “%s”, or leave the row out.", self.owner_text or ""
            )
        if reason := self._get_refusal():
            return "refused", reason
        keys = self._get_keys(self, self.number)
        if same := next((known[key] for key in keys if key in known), None):
            return "known", self.env._("This is card %s.", same)
        if same := next((seen[key] for key in keys if key in seen), None):
            return "known", self.env._("It is in row %s already.", same)
        seen.update((key, self.row) for key in keys)
        if self.photo_name and not self.has_photo:
            return "ready", self.env._("The photo “%s” is missing.", self.photo_name)
        return "ready", False

    def _get_refusal(self):
        today = self.company_id._rd_today()
        if not self.kind:
            return self.env._("Say what kind “%s” is.", self.kind_text or "")
        if not self.uom_id:
            return self.env._("Choose our unit for “%s”.", self.unit or "")
        if self.uom_id.compare(self.quantity, 0) <= 0:
            return self.env._("Say how many pieces it is.")
        if max(self.received_on or today, self.returned_on or today) > today:
            return self.env._("Its dates lie in the future.")
        if self.returned_on and self.returned_on < (self.received_on or today):
            return self.env._("It cannot have gone back before it came.")
        return False

    # ------------------------------------------------------------------
    # Cards
    # ------------------------------------------------------------------
    def _make_cards(self):
        """Make the cards of these rows with their first events."""
        photos = {record: record._get_photo_names() for record in self.import_id}
        cards = self.env["rd.property"].create(
            [line._prepare_card(photos[line.import_id]) for line in self]
        )
        for line, card in zip(self, cards, strict=True):
            line._as_internal().write({"property_id": card.id, "verdict": "taken"})
        events = self.env["rd.property.event"]._as_internal()
        for prepare in ("_prepare_receipt", "_prepare_check", "_prepare_return"):
            made = [getattr(line, prepare)() for line in self]
            events.create([values for values in made if values])

    def _prepare_card(self, photos):
        keys = (self.photo_name, self.number, self.serial, self.mark)
        stems = [self.import_id._stem(key) for key in keys if key]
        place = next((photos[stem] for stem in stems if stem in photos), None)
        values = {name: self[name] for name in COPIED}
        values["note"] = self._get_remarks()
        if self.number:
            values["name"] = self.number
        return {
            **values,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "kind": self.kind,
            "uom_id": self.uom_id.id,
            "custodian_id": self.custodian_id.id,
            "photo": self.import_id._read_photo(place) if place else False,
        }

    def _get_remarks(self):
        """Return the remarks, with what the register says and no field keeps."""
        lost = []
        if self.verified and not is_good(self.verified):
            lost.append(self.env._("Verified: %s", self.verified))
        if self.custodian and not self.custodian_id:
            lost.append(self.env._("Custodian: %s", self.custodian))
        return "\n".join(filter(None, [self.note, *lost])) or False

    def _prepare_event(self, kind, day, **values):
        return {
            "property_id": self.property_id.id,
            "kind": kind,
            "date": day,
            "note": self.env._(
                "From %(file)s, row %(row)s",
                file=self.import_id.filename or "",
                row=self.row,
            ),
            **values,
        }

    def _get_received_on(self):
        return self.received_on or self.company_id._rd_today()

    def _prepare_receipt(self):
        return self._prepare_event(
            "receive",
            self._get_received_on(),
            quantity=self.quantity,
            place=self.place,
            document=self.document,
        )

    def _prepare_check(self):
        """A register that says how it was found has verified it."""
        if not self.verified or not is_good(self.verified):
            return None
        return self._prepare_event(
            "verify", self._get_received_on(), condition="good", document=self.verified
        )

    def _prepare_return(self):
        if not self.returned_on:
            return None
        return self._prepare_event("return", self.returned_on, quantity=self.quantity)
