"""A Flask site that guards its routes with Flask-JWT-Extended, as it is, on Latchkey's public keys.

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

import jwt
from flask import Flask, jsonify
from flask_jwt_extended import JWTManager, current_user, get_jwt, jwt_required

ISSUER = os.environ.get("LATCHKEY_URL", "http://localhost:3000")
AUDIENCE = os.environ.get("AUDIENCE", ISSUER)
ALGORITHM = os.environ.get("JWT_ALGORITHM", "ES256")

app = Flask(__name__)
app.config.update(
    JWT_ALGORITHM=ALGORITHM,  # never what the token would like
    JWT_DECODE_ISSUER=ISSUER,
    JWT_DECODE_AUDIENCE=AUDIENCE,  # a token for another service is worth nothing here
    JWT_IDENTITY_CLAIM="sub",
    JWT_TOKEN_LOCATION=["headers"],
)
extension = JWTManager(app)
keys = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json")
keys_asked_at = float("-inf")


@extension.decode_key_loader
def public_key(header, _claims):
    """The key that a token names, if it is an access token (RFC 9068 section 4).

    The extension has no setting for the type, and without it any token of the same key would pass.
    """
    if header.get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("This is no access token.")
    return key_of(header)


def key_of(header):
    """Keys are kept for five minutes, and fetched anew for a token that names none of them.

    Not more often than every 30 seconds, though: invented names must not become load.
    """
    global keys_asked_at
    kid = header.get("kid")
    try:
        key = keys.match_kid(keys.get_signing_keys(), kid)
        if key is None and time.monotonic() - keys_asked_at > 30:
            keys_asked_at = time.monotonic()
            key = keys.match_kid(keys.get_signing_keys(refresh=True), kid)
    except jwt.PyJWKClientError as error:
        raise jwt.InvalidTokenError("The keys cannot be read.") from error
    if key is None:
        raise jwt.InvalidTokenError("There is no such key.")
    return key.key


@extension.user_lookup_loader
def person(_header, claims):
    """What `current_user` is. A site with a table of its own looks the id up there."""
    return {"id": claims["sub"], "roles": claims["roles"], "scope": claims["scope"].split()}


@extension.invalid_token_loader
def invalid(_reason):
    """The extension answers 422; RFC 6750 section 3.1 wants 401."""
    return jsonify(error="invalid_token"), 401, {"WWW-Authenticate": 'Bearer error="invalid_token"'}


# Sessions that ended before their tokens expired: sid -> when it can be forgotten.
ended = {}


@extension.token_in_blocklist_loader
def has_ended(_header, claims):
    return claims["sid"] in ended


def follow_sign_outs(service_id, secret, pause):
    """Reads every few seconds what has ended; the answer is signed like a token, for this service."""
    global ended
    basic = base64.b64encode(f"{service_id}:{secret}".encode()).decode()
    since = etag = None
    while True:
        query = f"?since={urllib.parse.quote(since)}" if since else ""
        request = urllib.request.Request(f"{ISSUER}/auth/revocations{query}")
        request.add_header("Authorization", f"Basic {basic}")
        if etag:
            request.add_header("If-None-Match", etag)
        more = False
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                token, new_etag = json.load(answer)["feed"], answer.headers["ETag"]
            header = jwt.get_unverified_header(token)
            if header.get("typ") != "revocations+jwt":
                raise jwt.InvalidTokenError("This is no feed.")
            feed = jwt.decode(
                token, key_of(header), algorithms=[ALGORITHM], issuer=ISSUER, audience=AUDIENCE
            )
            news = {session["sid"]: session["exp"] for session in feed["sessions"]}
            # Replaced as a whole: requests look at it at the same time.
            ended = {sid: exp for sid, exp in (ended | news).items() if exp > time.time()}
            since, etag, more = feed["next"], new_etag, feed["more"]
        except Exception as error:
            # 304: nothing has ended. Else tokens expire all the same, and the next try makes up for it.
            if getattr(error, "code", None) != 304:
                app.logger.warning("Sign-outs are not known: %s", error)
        if not more:
            time.sleep(pause)


@app.get("/hello")
@jwt_required()
def hello():
    return jsonify(user=current_user["id"], roles=current_user["roles"])


@app.get("/reports")
@jwt_required()
def reports():
    if "users:read" not in get_jwt()["scope"].split():
        challenge = 'Bearer error="insufficient_scope"'
        return jsonify(error="insufficient_scope"), 403, {"WWW-Authenticate": challenge}
    return hello()


if os.environ.get("SERVICE_ID"):
    threading.Thread(
        target=follow_sign_outs,
        args=(
            os.environ["SERVICE_ID"],
            os.environ["SERVICE_SECRET"],
            float(os.environ.get("POLL_SECONDS", "5")),
        ),
        daemon=True,
    ).start()

if __name__ == "__main__":
    app.run(host="127.0.0.1", port=int(os.environ.get("PORT", "4002")))
