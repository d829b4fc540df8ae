"""A service that verifies Latchkey's access tokens by itself, and learns of sign-outs within seconds.

Settings: see README.md.
"""

import base64
import json
import os
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt

ISSUER = os.environ.get("LATCHKEY_URL", "http://localhost:3000")
AUDIENCE = os.environ.get("AUDIENCE", ISSUER)
SERVICE_ID = os.environ.get("SERVICE_ID")
SERVICE_SECRET = os.environ.get("SERVICE_SECRET", "")
PORT = int(os.environ.get("PORT", "4001"))
POLL_SECONDS = float(os.environ.get("POLL_SECONDS", "5"))


class Keys(jwt.PyJWKClient):
    """The public keys: kept for five minutes, and fetched anew for a token that names none of them.

    Not more often than every 30 seconds, though: invented names must not become load.
    """

    known, asked_at = None, float("-inf")

    def fetch_data(self):
        if self.known is None or time.monotonic() - self.asked_at > 30:
            self.asked_at = time.monotonic()
            with urllib.request.urlopen(self.uri, timeout=10) as answer:
                self.known = json.load(answer)
        if self.jwk_set_cache is not None:
            self.jwk_set_cache.put(self.known)
        return self.known


keys = Keys(f"{ISSUER}/.well-known/jwks.json")


def verified(token, typ):
    """What a token of this type for this service says; nothing is asked over the network."""
    # PyJWT does not look at the type: another kind of token the same key has signed is worth nothing.
    if jwt.get_unverified_header(token).get("typ") != typ:
        raise jwt.InvalidTokenError("This is another kind of token.")
    return jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["ES256", "RS256"],  # never what the token would like
        issuer=ISSUER,
        audience=AUDIENCE,  # a token for another service is worth nothing here
        options={"require": ["exp", "iat", "iss", "aud"]},
    )


class EndedSessions:
    """Sessions that ended before their tokens expired: sid -> when it can be forgotten."""

    def __init__(self):
        self.ended, self.since, self.etag = {}, None, None

    def __contains__(self, sid):
        return sid in self.ended

    def follow(self):
        """Reads what has ended since the last time."""
        query = f"?since={urllib.parse.quote(self.since)}" if self.since else ""
        request = urllib.request.Request(f"{ISSUER}/auth/revocations{query}")
        secret = base64.b64encode(f"{SERVICE_ID}:{SERVICE_SECRET}".encode()).decode()
        request.add_header("Authorization", f"Basic {secret}")
        if self.etag:
            request.add_header("If-None-Match", self.etag)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                news, etag = json.load(answer), answer.headers["ETag"]
        except urllib.error.HTTPError as error:
            if error.code == 304:  # nothing has ended
                return
            raise
        feed = verified(news["feed"], "revocations+jwt")
        now = time.time()
        news = {session["sid"]: session["exp"] for session in feed["sessions"]}
        # Replaced as a whole: requests look at it at the same time.
        self.ended = {sid: exp for sid, exp in (self.ended | news).items() if exp > now}
        self.since, self.etag = feed["next"], etag
        if feed["more"]:
            self.follow()

    def keep_following(self):
        """A failure is no reason to stop: tokens expire all the same, and the next try makes up."""
        while True:
            try:
                self.follow()
            except Exception as error:
                print(f"Sign-outs are not known: {error}", flush=True)
            time.sleep(POLL_SECONDS)


ended_sessions = EndedSessions()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return self.answer(401, {"error": "sign in"}, "Bearer")
        try:
            person = verified(token.strip(), "at+jwt")
        except (OSError, jwt.PyJWTError):
            person = None
        if person is None or person["sid"] in ended_sessions:
            # RFC 6750 section 3.1. Why is nobody's business but the log's.
            return self.answer(401, {"error": "invalid_token"}, 'Bearer error="invalid_token"')
        if self.path == "/reports" and "users:read" not in person["scope"].split():
            challenge = 'Bearer error="insufficient_scope"'
            return self.answer(403, {"error": "insufficient_scope"}, challenge)
        return self.answer(200, {"user": person["sub"], "roles": person["roles"]})

    def answer(self, status, body, challenge=None):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())


if __name__ == "__main__":
    if SERVICE_ID:
        threading.Thread(target=ended_sessions.keep_following, daemon=True).start()
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
    print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
