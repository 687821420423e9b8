"""Hooks for schemathesis: requests are signed as an agency's role, and most name tickets that are there.

Environment: API_CODE (the agency), API_TICKETS (numbers of its tickets, by comma), API_MONTH (a month that is
closed), and the role's keys as AWS_*.
"""

import os
import re

import requests
import schemathesis
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

CODE = os.environ["API_CODE"]
TICKETS = os.environ["API_TICKETS"].split(",")
MONTH = os.environ["API_MONTH"]
KEYS = Credentials(
    os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ.get("AWS_SESSION_TOKEN")
)


class SigV4(requests.auth.AuthBase):
    """Signs what is sent, as it is sent."""

    def __call__(self, request):
        signed = AWSRequest(request.method, request.url, data=request.body)
        SigV4Auth(KEYS, "execute-api", os.environ["AWS_REGION"]).add_auth(signed)
        request.headers.update(signed.headers)
        return request


schemathesis.auth.set_from_requests(SigV4())


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Without a signature API Gateway answers 403, where schemathesis takes nothing but 401 (a story of the agencies
    shows that nobody gets in unsigned)."""
    raw_schema.pop("security", None)


@schemathesis.hook
def before_call(context, case, kwargs):
    """A code made up by a machine is somebody else's, a number fails its check character, and a month is not closed:
    without this every answer would be 403 or 404. What is no code or number stays as it is."""
    path = case.path_parameters or {}
    if re.fullmatch("[A-Z0-9]{1,32}", str(path.get("code"))):
        path["code"] = CODE
    if re.fullmatch("[A-Z]{1,8}-[0-9A-Z]{9}", str(path.get("id"))):
        path["id"] = TICKETS[hash(path["id"]) % len(TICKETS)]
    if re.fullmatch("[0-9]{4}-(0[1-9]|1[0-2])", str(path.get("month"))):
        path["month"] = MONTH
