"""A whole backend with Python's standard library alone.

KooGate posts each change here as JSON, signed after Standard Webhooks. A change comes again, with the same webhook-id,
until it was answered; let one id take effect once.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = base64.b64decode(os.environ.get("KOOGATE_SELLER_SECRET", "").removeprefix("whsec_"))
if len(KEY) < 16:
    raise SystemExit("KOOGATE_SELLER_SECRET is not set: it is seller.secret of the secrets file.")

# Tenants by instance id, each with the ids of the changes that have taken effect. Yours is a database.
TENANTS = {}
LOCK = threading.Lock()


def seats_of(order):
    products = order["line"]["products"]
    return products[0].get("linearValue", 1) if products else 1


def change(instance, webhook_id, **part):
    tenant = TENANTS.get(instance["instanceId"])
    if tenant is None:
        return {"failed": {"reason": "There is no such tenant."}}
    if webhook_id not in tenant["done"]:
        tenant.update(part)
        tenant["done"].append(webhook_id)
    return {}


def provision(message, webhook_id):
    order = message["order"]
    tenant = {"seats": seats_of(order), "open": True, "done": [webhook_id]}
    if "expiresAt" in order["line"]:
        tenant["endsAt"] = order["line"]["expiresAt"]
    TENANTS.setdefault(message["instance"]["instanceId"], tenant)
    password = secrets.token_urlsafe(15)  # keep no password: set it and forget it
    return {"access": {"frontEndUrl": "https://{{name}}.example.com", "userName": "owner", "password": password}}


def release(message, _):
    TENANTS.pop(message["instance"]["instanceId"], None)
    return {}


EVENTS = {
    "provision": provision,
    "renew": lambda m, i: change(m["instance"], i, endsAt=m["expiresAt"]),
    "freeze": lambda m, i: change(m["instance"], i, open=False),
    "unfreeze": lambda m, i: change(m["instance"], i, open=True),
    "upgrade": lambda m, i: change(m["instance"], i, seats=seats_of(m["upgradeOrder"])),
    "release": release,
}


def is_signed(headers, body):
    webhook_id, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not moment.isdigit() or abs(time.time() - int(moment)) > 300:
        return False
    digest = hmac.new(KEY, f"{webhook_id}.{moment}.".encode() + body, hashlib.sha256).digest()
    expected = "v1," + base64.b64encode(digest).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)


class Backend(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        if not is_signed(self.headers, body):
            return self.answer(401, {"error": "The signature does not match."})
        message = json.loads(body)
        handle = EVENTS.get(message["event"])
        if handle is None:
            return self.answer(501, {"error": f"{message['event']} is not handled."})
        with LOCK:
            return self.answer(200, handle(message, self.headers["webhook-id"]))

    def do_GET(self):  # for the tests: take it out
        self.answer(200, TENANTS)

    def answer(self, status, content):
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Backend)
    print(f"backend on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
