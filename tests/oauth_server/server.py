"""An OAuth 2.0 server that is Authlib's: it reads the requests, judges them and writes the answers.

    server.py ID SECRET

ID-post may send SECRET in the form only, ID-basic by HTTP Basic only, and ID-other may not use client credentials.
Tokens are good for /odata/Contact; before the first answer from /odata/Ended they have all been revoked. The URL is
written to the standard output.
"""

import logging
import os
import sys
import time

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # it runs on loopback

from authlib.integrations.flask_oauth2 import AuthorizationServer, ResourceProtector, current_token
from authlib.oauth2.rfc6749 import ClientMixin, TokenMixin
from authlib.oauth2.rfc6749.errors import InvalidScopeError
from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant
from authlib.oauth2.rfc6750 import BearerTokenValidator
from flask import Flask, request
from werkzeug.serving import make_server

METHODS = {"post": "client_secret_post", "basic": "client_secret_basic", "other": "client_secret_post"}
LIFETIME = 3600


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


class Token(TokenMixin):
    def __init__(self, client):
        self.client, self.expires_at, self.revoked = client, time.time() + LIFETIME, False

    def get_client(self):
        return self.client

    def get_scope(self):
        return ""

    def is_expired(self):
        return time.time() >= self.expires_at

    def is_revoked(self):
        return self.revoked


class Grant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]


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
tokens = {}
app = Flask(__name__)
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"client_credentials": LIFETIME}


def save(token, request):
    tokens[token["access_token"]] = Token(request.client)


server = AuthorizationServer(app, clients.get, save)
server.register_grant(Grant)
without_default_scope = WithoutDefaultScope(app, clients.get, save)
without_default_scope.register_grant(Grant)
without_grants = AuthorizationServer(app, clients.get, save)
require_token = ResourceProtector()
require_token.register_token_validator(Validator())


@app.post("/connect/token")
def issue():
    return server.create_token_response()


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
