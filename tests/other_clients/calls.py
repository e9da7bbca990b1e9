"""Clients of Creatio and of OData that others have written, at work on a site: its URL and its runtime are the arguments."""

import os
import sys
import tempfile
from pathlib import Path

import requests
from creatio_api_py import CreatioODataAPI
from cryptography.fernet import Fernet
from odatapy.client.batch import BatchRequest
from odatapy.client.responses import ClientResponse
from sl_creatio_connector.constants import ODATA_version
from sl_creatio_connector.creatio import Creatio

USER = "Supervisor"
CONTACT = "76929f8c-7e15-4c64-bdb0-adc62d383727"
NAME = "Олена Шевченко"


def refuses(sign_in, error):
    try:
        sign_in()
    except error as refusal:
        assert "Invalid user name or password." in str(refusal), refusal
    else:
        raise AssertionError("signed in with a wrong password")


def creatio_api_py(url):
    site = CreatioODataAPI(base_url=f"{url}/", cookies_file=Path("sessions"))
    refuses(lambda: site.authenticate(USER, "wrong"), ValueError)
    assert site.authenticate(USER, USER).json()["Code"] == 0

    get = site.get_collection_data
    assert get("Contact", only_count=True).text == "6"
    page = get("Contact", count=True, skip=1, top=2, select=["Id", "Name"], order_by="Name desc").json()
    assert (page["@odata.count"], [list(row) for row in page["value"]]) == (6, [["Id", "Name"]] * 2)
    assert get("Contact", filter=f"Name eq '{NAME}'").json()["value"][0]["Id"] == CONTACT
    assert get("Contact", record_id=CONTACT).json()["Name"] == NAME
    assert get("Contact", record_id=CONTACT, value="Name").text == NAME

    # This version cannot change a record: it sends a form.
    made = site.add_collection_data("Contact", {"Name": 'Zoë "Z"\\'})
    assert made.status_code == 201
    assert site.delete_collection_data("Contact", made.json()["Id"]).status_code == 204

    Path("my plan.txt").write_bytes(b"\0\xff" * 5000)
    assert site.upload_file("ContactFile", CONTACT, "my plan.txt").json()["success"]
    file = get("ContactFile").json()["value"][0]
    assert (file["Name"], file["ContactId"]) == ("my plan.txt", CONTACT)
    Path("downloads").mkdir()
    site.download_file("ContactFile", file["Id"], "downloads")
    assert Path("downloads/my plan.txt").read_bytes() == b"\0\xff" * 5000

    again = CreatioODataAPI(base_url=f"{url}/", cookies_file=Path("sessions"))
    assert again.authenticate(USER, USER).status_code is None, "the stored session is not taken"


def sl_creatio_connector(url, version):
    refuses(lambda: Creatio(url, USER, "wrong", version), Exception)
    site = Creatio(url, USER, USER, version)
    assert len(site.get_object_collection("Contact", ["top=2"])) == 2
    assert site.get_contact_by_id(CONTACT)["Name"] == NAME
    made = site.create_object("Contact", {"Name": NAME})
    assert made["Name"] == NAME
    assert site.delete_object("Contact", made["Id"]).status_code == 204
    assert "innererror" in site.create_object("Contact", {"Email": ""})["error"]


def odatapy(url, root):
    site = requests.Session()
    login = {"UserName": USER, "UserPassword": USER}
    assert site.post(f"{url}/ServiceModel/AuthService.svc/Login", json=login).json()["Code"] == 0
    site.headers.update({"BPMCSRF": site.cookies["BPMCSRF"], "ForceUseSession": "true"})

    def run(batch):
        reply = site.post(f"{root}/odata/$batch", data=batch.serialize(), headers=batch.headers())
        assert reply.status_code == 200, reply.text
        return batch.parse_response(ClientResponse(reply.status_code, dict(reply.headers), reply.content))

    batch = BatchRequest(f"{root}/odata", format="json", continue_on_error=True)
    batch.add_retrieve(f"{root}/odata/Contact/$count")
    good, bad = batch.add_changeset(), batch.add_changeset()
    good.create("Contact", {"Name": "Ann"})
    good.create("Contact", {"Name": "Bob"})
    bad.create("Contact", {"Name": "Cid"})
    refused = bad.create("Contact", {})
    batch.add_retrieve(f"{root}/odata/Contact/$count")
    result = run(batch)
    assert [part.status_code for part in result] == [200, 201, 201, 400, 200], result
    assert [len(group) for group in result.changesets] == [2, 1]
    assert refused.response.status_code == 400 and "Name" in refused.response.text()
    counts = [int(result.responses[at].json()) for at in (0, -1)]
    assert counts[1] == counts[0] + 2, counts
    clean = BatchRequest(f"{root}/odata", format="json")
    for made in result.responses[1:3]:
        clean.add_retrieve(f"{root}/odata/Contact({made.json()['Id']})", method="DELETE")
    assert [part.status_code for part in run(clean)] == [204, 204]


os.environ["SESSIONS_ENCRYPTION_KEY"] = Fernet.generate_key().decode()
url, runtime = sys.argv[1:]
with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    if runtime == "net-framework":
        creatio_api_py(url)  # knows no other
        sl_creatio_connector(url, ODATA_version.v3)
        sl_creatio_connector(url, ODATA_version.v4)
        odatapy(url, f"{url}/0")
    else:
        sl_creatio_connector(url, ODATA_version.v4core)
        odatapy(url, url)
    os.chdir("/")
