"""A server of OData that others have written (odatapy), of which the format of batches is wanted: it reads one on standard input,
has each part done here, and writes the answer. The argument is the field Prefer."""

import json
import sys

from odatapy.http.method import HttpMethod
from odatapy.server.batch import BatchHandler
from odatapy.server.request import ODataRequest, ODataResponse


class Service:
    """A POST wants a Name, and a GET is answered."""

    def __init__(self):
        self.service_metadata = self
        self.service_version = "4.01"
        self.done = []

    def select_processor(self, _kind):
        return None

    def process(self, request):
        response = ODataResponse()
        self.done.append([request.method.value, request.raw_odata_path, request.raw_query_path])
        if request.method == HttpMethod.POST and "Name" not in json.loads(request.body):
            response.set_status(400)
            error = {"code": "E1", "message": "No \"Name\"", "innererror": {"message": "Name: required"}}
            response.set_content(json.dumps({"error": error}), "application/json")
        elif request.method == HttpMethod.GET:
            response.set_status(200)
            response.set_content(json.dumps({"value": [{"status": 7, "id": "p0"}, "]}"]}), "application/json")
        else:
            response.set_status(204)
        return response


service = Service()
request = ODataRequest(
    method=HttpMethod.POST,
    body=sys.stdin.buffer.read(),
    _headers={"Content-Type": "application/json", "Prefer": sys.argv[1]},
)
answer = BatchHandler(service, "https://example.com/odata").process(request)
print(json.dumps(service.done))
sys.stdout.flush()
sys.stdout.buffer.write(answer.body_bytes())
