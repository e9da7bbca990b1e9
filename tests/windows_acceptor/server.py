"""The Windows door of a site whose acceptor is pyspnego's: it makes the challenges, and judges the tokens.

    server.py DOMAIN USER PASSWORD

It serves on loopback, says where, and has both doors: that of .NET Framework and that of .NET. Whoever pyspnego lets in gets the
cookies of a login. The state of a handshake is the connection's, as in IIS.
"""

import base64
import os
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

domain, user, password = sys.argv[1:]
with tempfile.NamedTemporaryFile("w", suffix=".users", delete=False, encoding="utf-8") as users:
    users.write(f"{domain}:{user}:{password}\n")
os.environ["NTLM_USER_FILE"] = users.name

import spnego  # noqa: E402 (it looks for the file of users)


class Site(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    context = None  # a connection has a handler of its own

    def answer(self, status, fields, body=b""):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def unauthorized(self, *challenges):
        page = b"<html><h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2></html>"
        fields = [("WWW-Authenticate", challenge) for challenge in challenges]
        self.answer(401, [("Content-Type", "text/html"), *fields], page)

    def accept(self, is_net):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme not in ("NTLM", "Negotiate") or not token:
            return self.unauthorized("Negotiate", "NTLM")
        protocol = "ntlm" if scheme == "NTLM" else "negotiate"
        try:
            if self.context is None:
                self.context = spnego.server(protocol=protocol, options=spnego.NegotiateOptions.use_ntlm if protocol == "ntlm" else 0)
            answer = self.context.step(base64.b64decode(token))
        except Exception as error:  # of spnego, of its parser, of cryptography
            self.context = None
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            return self.unauthorized("Negotiate", "NTLM")
        if not self.context.complete:
            return self.unauthorized(f"{scheme} {base64.b64encode(answer).decode()}")
        who = self.context.client_principal
        self.context = None
        cookies = [
            ("Set-Cookie", f".ASPXAUTH={base64.b16encode(who.encode()).decode()}; path=/; HttpOnly"),
            ("Set-Cookie", "BPMCSRF=4f2e; path=/"),
        ]
        if is_net:
            return self.answer(200, [*cookies, ("Content-Type", "application/json")], b'{"Code":0,"Message":""}')
        return self.answer(302, [*cookies, ("Location", "/0/Shell/")])

    def do_GET(self):
        if self.path == "/Login/NuiLogin.aspx?ntlmlogin":
            return self.accept(is_net=False)
        if self.path.split("?")[0] in ("/odata/Contact", "/0/odata/Contact"):
            ticket = (self.headers.get("Cookie") or "").partition(".ASPXAUTH=")[2].partition(";")[0]
            if not ticket:
                return self.answer(401, [])
            name = base64.b16decode(ticket).decode().replace("\\", "/")
            body = f'{{"value":[{{"Name":"authorised as {name}"}}]}}'.encode()
            return self.answer(200, [("Content-Type", "application/json")], body)
        return self.answer(404, [])

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/ServiceModel/AuthService.svc/DomainLogin" and body == b"{}":
            return self.accept(is_net=True)
        return self.answer(404, [])

    def log_message(self, *_):
        pass


listener = ThreadingHTTPServer(("127.0.0.1", 0), Site)
listener.daemon_threads = True
print(f"http://127.0.0.1:{listener.server_port}", flush=True)
listener.serve_forever()
