#!/usr/bin/env python3
"""An agency's side of Kemala in one file: polls the queue, accepts new tickets, acknowledges pings.

    pip install boto3
    python3 poll.py            goes on for ever
    python3 poll.py --once     ends when the queue is empty

README.md beside this file says what to set in the environment, and why things are done as they are here.
"""

import http.client
import json
import os
import sys
import time
import urllib.error
import urllib.request

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

WANTED = ["KEMALA_QUEUE_URL", "KEMALA_API_URL", "KEMALA_ROLE_ARN", "KEMALA_EXTERNAL_ID", "KEMALA_AGENCY",
          "AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]
# The session of a role ends after an hour; we take a new one before.
RENEW_AFTER = 45 * 60
# Every call ends. A poll waits up to 20 s for a message, so its answer may take longer than that.
SDK = Config(connect_timeout=5, read_timeout=30)
API_TIMEOUT = 10


class Agency:
    """The agency's queue and API, with the agency's polling role."""

    def __init__(self):
        region = os.environ["AWS_REGION"]
        # boto3 takes the caller's keys (and, for a local system, AWS_ENDPOINT_URL) from the environment.
        sts = boto3.client("sts", region_name=region, config=SDK)
        keys = sts.assume_role(RoleArn=os.environ["KEMALA_ROLE_ARN"], RoleSessionName="poll",
                               ExternalId=os.environ["KEMALA_EXTERNAL_ID"])["Credentials"]
        self.renew_at = time.time() + RENEW_AFTER
        self.queue = os.environ["KEMALA_QUEUE_URL"]
        self.sqs = boto3.client("sqs", region_name=region, config=SDK, aws_access_key_id=keys["AccessKeyId"],
                                aws_secret_access_key=keys["SecretAccessKey"], aws_session_token=keys["SessionToken"])
        credentials = Credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
        self.signer = SigV4Auth(credentials, "execute-api", region)
        self.api = "{}/agencies/{}".format(os.environ["KEMALA_API_URL"].rstrip("/"), os.environ["KEMALA_AGENCY"])

    def receive(self, wait):
        """Up to 10 messages, which nobody else gets for the next 5 minutes. Waits up to `wait` seconds for the first."""
        answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=wait)
        return answer.get("Messages", [])

    def delete(self, message):
        self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])

    def call(self, method, path, body=None, key=None):
        """Calls the API: the status, and what the answer says. Status 0 means that there was no answer."""
        headers = {"Content-Type": "application/json"} if body else {}
        if key:
            headers["Idempotency-Key"] = key
        data = json.dumps(body).encode() if body else b"" if method == "POST" else None
        request = AWSRequest(method, f"{self.api}/{path}", headers=headers, data=data)
        self.signer.add_auth(request)
        request = urllib.request.Request(request.url, data, dict(request.headers), method=method)
        try:
            with urllib.request.urlopen(request, timeout=API_TIMEOUT) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, problem(error)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return 0, {"detail": str(error)}


def problem(answer):
    """What is wrong, and what to do: {"detail": ..., "allowed": [...], "errors": [...]}."""
    try:
        found = json.load(answer)
        return found if isinstance(found, dict) else {"detail": found}
    except (OSError, http.client.HTTPException, ValueError):
        return {"detail": "no reason given"}


def handle(agency, body):
    """Does what a message asks for; whether it may be deleted. What is kept comes again after 5 minutes."""
    try:
        event = json.loads(body)
        kind, event_id, subject = event["type"], event["id"], event["subject"]
    except (ValueError, KeyError, TypeError):
        return keep("a message is unreadable")

    if kind == "id.kemala.ping.v1":
        status, answer = agency.call("POST", f"pings/{event_id}")
        if status == 200:
            print(f"{event_id} acknowledged", flush=True)
        # 404: a newer ping is in the queue.
        return status in (200, 404) or refused(event_id, status, answer)

    if not kind.startswith("id.kemala.ticket."):
        return keep(f"{event_id}: what is {kind}?")

    # The message is only the bell, and may be old or come twice. So we ask how things are now, and need not compare
    # `data.version`: only who stores `data` must drop what is older than the version stored.
    status, ticket = agency.call("GET", f"tickets/{subject}")
    if status == 404:
        print(f"{subject} is not ours any more", flush=True)
        return True
    if status != 200:
        return refused(subject, status, ticket)

    # Here your system stores the ticket. This one shows it.
    deadline = min((one["due_at"] for one in ticket["deadlines"]), default="-")
    place = ticket["place"].get("name") or "-"
    print(subject, ticket["status"], ticket.get("category") or "-", place, deadline, sep="  ", flush=True)

    if kind == "id.kemala.ticket.assigned.v1" and "accept" in ticket["allowed"]:
        # The same key in every repeat: it is done once, and a repeat is answered as the first was.
        status, answer = agency.call("POST", f"tickets/{subject}/updates", {"action": "accept"}, f"{event_id}/accept")
        if status == 200:
            print(f"{subject} {answer['status']}", flush=True)
        # 404, 409: meanwhile it is somebody else's, or otherwise; another message tells of that.
        return status in (200, 404, 409) or refused(subject, status, answer)
    return True


def refused(what, status, answer):
    """Keeps a message that the API did not do. Where we may not call at all, no message will be done: it ends."""
    said = json.dumps(answer)
    if status == 403:
        sys.exit(f"poll.py: {what}: 403, do KEMALA_AGENCY, KEMALA_ROLE_ARN and KEMALA_API_URL belong together? {said}")
    return keep(f"{what}: {status or 'no answer'}, it comes again: {said}")


def keep(why):
    print(f"poll.py: {why}", file=sys.stderr, flush=True)
    return False


def main():
    if sys.argv[1:] not in ([], ["--once"]):
        print("usage: poll.py [--once]", file=sys.stderr)
        return 2
    for name in WANTED:
        if not os.environ.get(name):
            print(f"poll.py: set {name}", file=sys.stderr)
            return 2
    once = sys.argv[1:] == ["--once"]
    agency = None
    while True:
        try:
            if agency is None or time.time() > agency.renew_at:
                agency = Agency()
            messages = agency.receive(1 if once else 20)
            for message in messages:
                if handle(agency, message["Body"]):
                    agency.delete(message)
        except (BotoCoreError, ClientError) as error:
            # No role, no queue or no network. Nothing is lost: what was not deleted comes again.
            keep(error)
            if once:
                return 1
            agency = None
            time.sleep(10)
            continue
        if once and not messages:
            return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
