# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import os
import uuid
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestAttachmentStore(TransactionCase):
    """A file of the file store is there whole or not at all."""

    def _store(self, content):
        return self.env["ir.attachment"].create({"name": "a.bin", "raw": content})

    def test_nobody_meets_a_file_that_is_half_written(self):
        """Fails when it is written in place: who comes then is refused."""
        content = uuid.uuid4().bytes * 100
        seen, replace = [], os.replace

        def look(part, path):
            seen.append((os.path.exists(path), os.path.getsize(part)))
            replace(part, path)

        with patch.object(os, "replace", look):
            first, second = self._store(content), self._store(content)
        self.assertEqual(seen, [(False, len(content))])
        self.assertEqual(first.store_fname, second.store_fname)
        self.assertEqual(second.raw, content)
        path = first._full_path(first.store_fname)
        self.assertEqual(
            os.listdir(os.path.dirname(path)).count(os.path.basename(path)), 1
        )
