# Copyright 2026 the RD Sales Desk authors
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A small client of Odoo's JSON-RPC, as the web client speaks it."""

import http.cookiejar
import itertools
import json
import urllib.error
import urllib.request


class RpcError(Exception):
    """What the server answered instead of a result."""

    def __init__(self, error):
        self.error = error
        data = error.get("data") or {}
        self.name = data.get("name", "")
        self.debug = data.get("debug", "")
        super().__init__(data.get("message") or error.get("message") or str(error))


class Session:
    """One signed-in browser; not to be shared between threads."""

    def __init__(self, url, database, login="admin", password=None, timeout=120):
        self.url = url
        self.database = database
        self.timeout = timeout
        self._numbers = itertools.count(1)
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self._opener = urllib.request.build_opener(cookies)
        self.info = self.post(
            "/web/session/authenticate",
            db=database,
            login=login,
            password=login if password is None else password,
        )
        self.uid = self.info["uid"]

    def post(self, path, **params):
        """Call a JSON route; return its result or raise RpcError."""
        body = {"jsonrpc": "2.0", "id": next(self._numbers), "params": params}
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with self._opener.open(request, timeout=self.timeout) as answer:
            content = json.load(answer)
        if "error" in content:
            raise RpcError(content["error"])
        return content.get("result")

    def call(self, model, method, *args, **kwargs):
        """Call a model's method, as the web client does."""
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.post(path, model=model, method=method, args=args, kwargs=kwargs)

    def get(self, path):
        """Fetch a page; return (status, body)."""
        return self.open(urllib.request.Request(self.url + path))

    def open(self, request):
        """Send any request with the session's cookies; return (status, body)."""
        try:
            with self._opener.open(request, timeout=self.timeout) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()
