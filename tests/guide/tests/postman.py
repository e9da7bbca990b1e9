"""Plays a collection for Postman as far as this one goes: its variables, its cookies and its two scripts for the CSRF token."""

import json
import sys

import requests

path, site, prefix = sys.argv[1:]
with open(path, encoding="utf-8") as file:
    collection = json.load(file)
values = {variable["key"]: variable["value"] for variable in collection["variable"]}
values |= {"site": site, "prefix": prefix, "password": "Supervisor"}
values["login"] = json.dumps({"UserName": values["user"], "UserPassword": values["password"]})


def filled(text):
    for name, value in values.items():
        text = text.replace("{{" + name + "}}", value)
    return text


session = requests.Session()
for item in collection["item"]:
    request = item["request"]
    fields = {field["key"]: filled(field["value"]) for field in request["header"]}
    fields |= {name: values[name] for name in ("BPMCSRF", "CRT_CSRF") if values[name]}
    body = filled(request["body"]["raw"]) if "body" in request else None
    reply = session.request(
        request["method"], filled(request["url"]), data=body, headers=fields, allow_redirects=False, timeout=30
    )
    values |= {name: session.cookies.get(name, "") for name in ("BPMCSRF", "CRT_CSRF")}
    print(item["name"], reply.status_code)
