"""
A seller's server as a Python programmer writes it from the marketplace's pages: the standard library, one file.

Interfaces: SaaS V2.0 and V1.0, License 2.0, online License, order notification. Prints its port; reads the access keys
from its first argument, JSON by class. GET /state/<instance id> is a page of its own that shows what is stored.
"""

import base64
import hashlib
import hmac
import json
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

KEYS = json.loads(sys.argv[1])
WINDOW_MS = 60_000
LARGEST_BODY = 1_000_000
SITE = "https://acme.saas.example.com"

lock = threading.Lock()
nonces = {}
instances = {}  # id -> stored instance
purchases = {}  # (order, line) -> instance id
done = set()  # renewals and upgrades that have taken effect


class Refused(Exception):
    def __init__(self, code, message):
        super().__init__(message)
        self.code = code


def mac(key, data):
    return hmac.new(key.encode(), data, hashlib.sha256).digest()


def parse(body):
    try:
        value = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def canonical(members):
    kept = {name: value for name, value in members.items() if value is not None}
    return json.dumps(kept, sort_keys=False, separators=(",", ":"), ensure_ascii=False)


def sorted_members(members):
    return {name: members[name] for name in sorted(members)}


def key_class(activity):
    if activity == "orderNotify":
        return "general"
    if isinstance(activity, str) and activity.endswith(("LicenseCode", "LicenseCodeStatus")):
        return "license"
    return "base"


def one(pairs, name):
    values = [value for given, value in pairs if given == name]
    return values[0] if len(values) == 1 else None


def verify_post(pairs, body):
    """The key that signed the call. The signature comes first, then what the body says."""
    signature, timestamp, nonce = (one(pairs, name) for name in ("signature", "timestamp", "nonce"))
    if not signature:
        raise Refused("000001", "signature is missing")
    if not timestamp or not nonce:
        raise Refused("000002", "timestamp or nonce is missing")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == 13):
        raise Refused("000002", "timestamp is not in milliseconds")
    now = int(time.time() * 1000)
    if abs(now - int(timestamp)) > WINDOW_MS:
        raise Refused("000002", "timestamp is more than 60 s off")
    members = parse(body)
    payloads = [body]
    if members is not None:
        try:
            payloads.append(canonical(sorted_members(members)).encode("utf-8"))
        except (RecursionError, UnicodeEncodeError):
            pass
    for key in KEYS[key_class(members.get("activity") if members else None)]:
        for payload in payloads:
            text = key + nonce + timestamp + mac(key, payload).hex()
            if hmac.compare_digest(mac(key, text.encode("utf-8", "replace")).hex(), signature.lower().encode("ascii", "replace").decode()):
                with lock:
                    for old in [n for n, at in nonces.items() if now - at > 2 * WINDOW_MS]:
                        del nonces[old]
                    if nonce in nonces:
                        raise Refused("000001", "the call came before")
                    nonces[nonce] = now
                return key, members, int(timestamp)
    raise Refused("000001", "signature is wrong")


def verify_get(pairs):
    token, stamp = one(pairs, "authToken"), one(pairs, "timeStamp")
    if not token or not stamp:
        raise Refused("000001", "authToken or timeStamp is missing")
    rest = sorted((name, value) for name, value in pairs if name != "authToken")
    text = "&".join(f"{name}={value}" for name, value in rest)
    for key in KEYS["base"]:
        right = base64.b64encode(mac(key + stamp, text.encode("utf-8", "replace"))).decode()
        if hmac.compare_digest(right.encode(), token.encode("utf-8", "replace")):
            return key, dict(pairs), int(time.time() * 1000)
    raise Refused("000001", "authToken is wrong")


def need(members, *names):
    for name in names:
        value = members.get(name)
        if not isinstance(value, str) or value == "":
            raise Refused("000002", f"{name} is missing")
        if len(value) > 2_000:
            raise Refused("000002", f"{name} is too long")
    return [members[name] for name in names]


def is_test(members):
    return str(members.get("testFlag", "0")) == "1"


def is_v1(members):
    return "timeStamp" in members


def access():
    return {"frontEndUrl": SITE, "memo": "初次登录请使用手机验证码"}


def usage():
    return [{"usageValue": 0.0, "statisticalTime": time.strftime("%Y%m%d%H%M%S000", time.gmtime())}]


def stored(instance_id):
    instance = instances.get(instance_id)
    if instance is None or instance["state"] == "RELEASED":
        raise Refused("000003", "instance does not exist")
    return instance


def new_instance(members, sent):
    if is_v1(members):
        (order,) = need(members, "orderId")
        line = str(members.get("productId", "")) if members.get("chargingMode") not in ("1", "3") else ""
    else:
        order, line = need(members, "orderId", "orderLineId")
    if is_test(members):
        instance_id = members.get("businessId") or "debugging"
    else:
        instance_id = purchases.setdefault((order, line), str(uuid.uuid4()))
        instances.setdefault(instance_id, {"state": "ACTIVE", "expiresAt": "", "status_at": 0, "expires_at": 0})
    return {"instanceId": instance_id, **({"appInfo": access()} if is_v1(members) else {})}


def query_instance(members, sent):
    (listed,) = need(members, "instanceId")
    ids = [text.strip() for text in listed.split(",")]
    if len(ids) > 100 or any(not text for text in ids):
        raise Refused("000002", "from 1 to 100 ids")
    if not is_test(members):
        ids = [text for text in ids if text in instances and instances[text]["state"] != "RELEASED"]
        if not ids:
            raise Refused("000003", "instance does not exist")
    return {"info": [{"instanceId": text, "appInfo": access(), "usageInfo": usage()} for text in ids]}


def refresh_instance(members, sent):
    instance_id, order, expires = need(members, "instanceId", "orderId", "expireTime")
    if len(expires) not in (14, 17) or not (expires.isascii() and expires.isdigit()):
        raise Refused("000002", "expireTime is no time")
    scene = members.get("scene")
    if not is_v1(members) and scene not in ("RENEWAL", "TRIAL_TO_FORMAL", "UNSUBSCRIBE_RENEWAL_PERIOD", "RENEWAL_CHANGE"):
        raise Refused("000002", "scene is not known")
    if is_test(members):
        return {}
    instance = stored(instance_id)
    renewal = ("refresh", instance_id, order, members.get("orderLineId"), scene)
    if renewal not in done:
        done.add(renewal)
        if sent >= instance["expires_at"]:
            instance.update(expiresAt=expires, expires_at=sent)
    return {}


def set_status(members, instance_id, state, sent):
    if is_test(members):
        return {}
    instance = stored(instance_id)
    if sent >= instance["status_at"]:
        instance.update(state=state, status_at=sent)
    return {}


def update_status(members, sent):
    name = "instanceStatus" if is_v1(members) else "status"
    instance_id, status = need(members, "instanceId", name)
    states = {"FREEZE": "FROZEN", "NORMAL" if is_v1(members) else "UNFREEZE": "ACTIVE"}
    if status not in states:
        raise Refused("000002", f"{name} is not known")
    return set_status(members, instance_id, states[status], sent)


def expire_instance(members, sent):
    (instance_id,) = need(members, "instanceId")
    return set_status(members, instance_id, "FROZEN", sent)


def release_instance(members, sent):
    (instance_id,) = need(members, "instanceId")
    if not is_test(members):
        if instance_id not in instances:
            raise Refused("000003", "instance does not exist")
        instances[instance_id]["state"] = "RELEASED"
    return {}


def upgrade_instance(members, sent):
    instance_id, order = need(members, "instanceId", "orderId")
    if not is_test(members):
        stored(instance_id)
        done.add(("upgrade", instance_id, order))
    return {}


def change_check(members, sent):
    (instance_id,) = need(members, "instanceId")
    if not isinstance(members.get("productInfo"), (dict, str)):
        raise Refused("000002", "productInfo is missing")
    if not is_test(members):
        stored(instance_id)
    return {}


def license_async(members, sent):
    instance_id, _, _ = need(members, "instanceId", "eventId", "effectiveTime")
    if not is_test(members):
        stored(instance_id)
    return {}


def plain(*names):
    def answer(members, sent):
        need(members, *names)
        if "status" in names and members["status"] not in ("FREEZE", "UNFREEZE"):
            raise Refused("000002", "status is not known")
        return {}

    return answer


V2 = {
    "newInstance": new_instance,
    "queryInstance": query_instance,
    "refreshInstance": refresh_instance,
    "updateInstanceStatus": update_status,
    "releaseInstance": release_instance,
    "upgradeInstance": upgrade_instance,
    "changeInstanceCheck": change_check,
    "getLicenseAsync": license_async,
    "refreshLicenseCode": plain("license", "orderId", "orderLineId", "scene", "expireTime"),
    "updateLicenseCodeStatus": plain("license", "status"),
    "releaseLicenseCode": plain("license"),
    "orderNotify": plain("orderId", "orderLineId"),
}
V1 = {
    "newInstance": new_instance,
    "queryInstance": query_instance,
    "refreshInstance": refresh_instance,
    "expireInstance": expire_instance,
    "releaseInstance": release_instance,
    "instanceStatus": update_status,
    "upgrade": upgrade_instance,
}


def carry_out(activities, members, sent):
    activity = members.get("activity") if members is not None else None
    handler = activities.get(activity) if isinstance(activity, str) else None
    if handler is None:
        raise Refused("000002", "activity is not known")
    with lock:
        return handler(members, sent)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, key, code, message, **members):
        body = json.dumps({"resultCode": code, "resultMsg": message, **members}).encode("ascii")
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        signature = base64.b64encode(mac(key, body)).decode()
        self.send_header("Body-Sign", f'sign_type="HMAC-SHA256", signature= "{signature}"')
        self.end_headers()
        self.wfile.write(body)

    def serve(self, activities, verify, key):
        try:
            key, members, sent = verify()
            self.answer(key, "000000", "success.", **carry_out(activities, members, sent))
        except Refused as refused:
            self.answer(key, refused.code, str(refused))

    def pairs(self):
        return parse_qsl(urlsplit(self.path).query, keep_blank_values=True)

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > LARGEST_BODY:
            self.close_connection = True
            left = length
            while left > 0:
                left -= len(self.rfile.read(min(left, 65_536))) or left
            return self.answer(KEYS["base"][0], "000002", "the body is too large")
        body = self.rfile.read(length)
        if len(body) < length:
            return None
        members = parse(body)
        key = KEYS[key_class(members.get("activity") if members else None)][0]
        return self.serve(V2, lambda: verify_post(self.pairs(), body), key)

    def do_GET(self):
        path = urlsplit(self.path).path
        if path.startswith("/state/"):
            with lock:
                instance = instances.get(unquote(path[len("/state/") :]), {"state": "NONE"})
                body = json.dumps(instance).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return None
        return self.serve(V1, lambda: verify_get(self.pairs()), KEYS["base"][0])

    def log_message(self, *_):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


server = Server(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
