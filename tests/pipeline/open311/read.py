"""Reads as georeport does, a client of today: in JSON and in XML, the same."""

import json
import os

from georeport import GeoReport

base, number = os.environ["BASE"], os.environ["NUMBER"]
read = {}
for form in ("json", "xml"):
    client = GeoReport(base, jurisdiction="jateng", output_format=form)
    services = client.get_service_list()
    definition = client.get_service_definition("road_damage")
    of_all = client.get_service_requests(service_code="road_damage", status="open", start_date=os.environ["START"])
    (one,) = [request for request in of_all if request["service_request_id"] == number] if form == "json" else [
        client.get_service_request(number)
    ]
    by_id = client.get_service_request(number)
    assert by_id == one, (by_id, one)
    read[form] = {
        "services": [(service["service_code"], service["service_name"], service["group"]) for service in services],
        "definition": definition["service_code"],
        # XML knows texts only.
        "request": {name: None if value is None else str(value) for name, value in one.items()},
    }
assert read["json"] == read["xml"], read
print(json.dumps(one))
