"""An OAuth 2.0 server that is Authlib's: it reads the requests, judges them and writes the answers.

    server.py ID SECRET

ID-post may send SECRET in the form only, ID-basic by HTTP Basic only, and ID-other may not use client credentials.
ID-public has no secret. Whoever opens /connect/authorize approves, and is sent back; a code is redeemed with its verifier
alone (PKCE), and refresh tokens rotate. Tokens are good for /odata/Contact; before the first answer from /odata/Ended
they have all ended. The URL is written to the standard output.
"""

import logging
import os
import sys
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it runs on loopback

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from authlib.oauth2.rfc7009 import RevocationEndpoint
from authlib.oauth2.rfc7636 import CodeChallenge
from flask import Flask, request
from werkzeug.serving import make_server

METHODS = {"post": "client_secret_post", "basic": "client_secret_basic", "other": "client_secret_post",
           "public": "none"}
LIFETIME = 3600
APPROVED_LIFETIME = 180


class Client(ClientMixin):
    def __init__(self, name, kind, secret):
        self.name, self.kind, self.secret = name, kind, secret

    def get_client_id(self):
        return self.name

    def get_allowed_scope(self, scope):
        return scope or ""

    def check_client_secret(self, secret):
        return secret == self.secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method == METHODS[self.kind]

    def check_grant_type(self, grant_type):
        return self.kind != "other"

    def check_response_type(self, response_type):
        return response_type == "code"

    def check_redirect_uri(self, redirect_uri):
        return redirect_uri.startswith("http://127.0.0.1:")

    def get_default_redirect_uri(self):
        return None


class Token(TokenMixin):
    def __init__(self, client, token):
        self.client, self.access, self.refresh = client, token["access_token"], token.get("refresh_token")
        self.expires_at, self.revoked, self.refresh_revoked = time.time() + token["expires_in"], False, False

    def get_client(self):
        return self.client

    def check_client(self, client):
        return client is self.client

    def get_expires_in(self):
        return int(self.expires_at - time.time())

    def get_scope(self):
        return ""

    def is_expired(self):
        return time.time() >= self.expires_at

    def is_revoked(self):
        return self.revoked


class Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


class Code(AuthorizationCodeMixin):
    def __init__(self, code, payload):
        self.code, self.client_id, self.redirect_uri = code, payload.client_id, payload.redirect_uri
        self.scope, self.code_challenge = payload.scope, payload.data.get("code_challenge")
        self.code_challenge_method = payload.data.get("code_challenge_method")

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope


class CodeGrant(AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def save_authorization_code(self, code, request):
        codes[code] = Code(code, request.payload)

    def query_authorization_code(self, code, client):
        found = codes.get(code)
        return found if found and found.client_id == client.get_client_id() else None

    def delete_authorization_code(self, authorization_code):
        del codes[authorization_code.code]

    def authenticate_user(self, authorization_code):
        return "Ann"


class Refresh(RefreshTokenGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token):
        return next((t for t in tokens.values() if t.refresh == refresh_token and not t.refresh_revoked), None)

    def authenticate_user(self, refresh_token):
        return "Ann"

    def revoke_old_credential(self, refresh_token):
        refresh_token.revoked = refresh_token.refresh_revoked = True


class Revocation(RevocationEndpoint):
    CLIENT_AUTH_METHODS = ["client_secret_basic", "client_secret_post", "none"]

    def query_token(self, token_string, token_type_hint):
        by_hint = {"refresh_token": lambda t: t.refresh == token_string, "access_token": lambda t: t.access == token_string}
        return next((t for t in tokens.values() if by_hint[token_type_hint](t)), None)

    def revoke_token(self, token, request):
        token.revoked = token.refresh_revoked = True


class WithoutDefaultScope(AuthorizationServer):
    """RFC 6749, section 3.3: a server without a default scope fails a request that names none."""

    def validate_requested_scope(self, scope):
        if not scope:
            raise InvalidScopeError()


class Validator(BearerTokenValidator):
    def authenticate_token(self, token):
        return tokens.get(token)


name, secret = sys.argv[1:]
clients = {f"{name}-{kind}": Client(f"{name}-{kind}", kind, secret) for kind in METHODS}
tokens, codes = {}, {}
app = Flask(__name__)
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {
    "client_credentials": LIFETIME, "authorization_code": APPROVED_LIFETIME, "refresh_token": APPROVED_LIFETIME
}
app.config["OAUTH2_REFRESH_TOKEN_GENERATOR"] = True


def save(token, request):
    tokens[token["access_token"]] = Token(request.client, token)


server = AuthorizationServer(app, clients.get, save)
server.register_grant(Grant)
server.register_grant(CodeGrant, [CodeChallenge(required=True)])
server.register_grant(Refresh)
server.register_endpoint(Revocation)
without_default_scope = WithoutDefaultScope(app, clients.get, save)
without_default_scope.register_grant(Grant)
without_grants = AuthorizationServer(app, clients.get, save)
require_token = ResourceProtector()
require_token.register_token_validator(Validator())


@app.post("/connect/token")
def issue():
    return server.create_token_response()


@app.get("/connect/authorize")
def approve():
    return server.create_authorization_response(grant_user="Ann", grant=server.get_consent_grant(end_user="Ann"))


@app.post("/connect/revocation")
def end():
    return server.create_endpoint_response("revocation")


@app.post("/without-default-scope/connect/token")
def issue_by_scope():
    return without_default_scope.create_token_response()


@app.post("/without-grants/connect/token")
def issue_nothing():
    return without_grants.create_token_response()


@app.before_request
def revoke():
    is_first = "revoked" not in app.config
    if request.path == "/odata/Ended" and is_first:
        app.config["revoked"] = True
        for token in tokens.values():
            token.revoked = True


@app.get("/odata/Contact")
@app.get("/odata/Ended")
@require_token()
def contacts():
    return {"value": [{"Name": f"authorised as {current_token.get_client().name}"}]}


logging.getLogger("werkzeug").setLevel(logging.ERROR)
listener = make_server("127.0.0.1", 0, app, threaded=True)
print(f"http://127.0.0.1:{listener.port}", flush=True)
listener.serve_forever()
