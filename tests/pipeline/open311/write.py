"""Sends a report as Three does, Code for America's client, and asks for its number.

Three was written for Python 2: where it asks for `ifilter`, it gets Python 3's `filter`, which is the same.
"""

import itertools
import json
import os
import time

itertools.ifilter = filter

from three import Three  # noqa: E402

client = Three(os.environ["BASE"], api_key=os.environ["KEY"], jurisdiction="jateng")
(endpoint,) = client.discovery()["endpoints"]
assert endpoint["specification"].endswith("GeoReport_v2"), endpoint
assert any(service["type"] == "batch" for service in client.services()), "reports get a token"
sent = {"address": os.environ["ADDRESS"], "description": os.environ["TEXT"], "name": "Budi Santoso", "phone": "081234567890"}
(first,), (again,) = [client.post("street_lighting", **sent) for _ in range(2)]
assert first["token"] == again["token"], "the same report"
for _ in range(120):
    answer = client.token(first["token"])
    if "service_request_id" in answer[0]:
        break
    assert answer[0]["code"] == 404, answer
    time.sleep(0.5)
number = answer[0]["service_request_id"]
(request,) = client.request(number)
assert number in [request["service_request_id"] for request in client.requests(count=100)]
print(json.dumps(request))
