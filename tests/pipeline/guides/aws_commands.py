"""Holds `aws …` command lines against the AWS CLI's own definitions, without a network and without an account.

Reads a JSON list of argument lists from standard input (a placeholder in them is U+FFFD), and writes a list of the same
length: null for a line that is right, else what is wrong with it.

The CLI reads each line as ever; where it would call AWS the parameters are held against the operation's model, and no
call is made. (`--generate-cli-skeleton output` would do, but its samples of some answers break their own models.)
"""

import contextlib
import io
import itertools
import json
import os
import sys
import tempfile

from awscli.clidriver import create_clidriver
from botocore.client import BaseClient
from botocore.exceptions import ParamValidationError
from botocore.validate import ParamValidator

PLACEHOLDER = "\ufffd"

# Only version 2 of the CLI has these; the pinned one, from PyPI, is version 1.
VERSION_2_ONLY = {("configure", "sso"), ("sso", "login"), ("logs", "tail")}
# These look at files and settings before they call, so they say nothing about a line.
BY_HAND = {"s3", "configure"}
# Options of all commands that have a say about this machine, or that only version 2 has, each with a value.
ELSEWHERE = {"--profile", "--region", "--cli-binary-format"}

# What may stand where a reader puts in something of theirs: a name or number, a number, a moment, a switch.
VALUES = ["1111111111111111111111111111111111111111", "1", "2026-11-24T00:00:00Z", "true", "a@b.id"]
# What may be in a file that a reader has made.
CONTENTS = ["x", "{}", "[]"]


class Right(BaseException):
    """A call would be made now."""


def make_no_call(client, operation_name, parameters):
    operation = client.meta.service_model.operation_model(operation_name)
    if operation.input_shape is not None:
        report = ParamValidator().validate(parameters, operation.input_shape)
        if report.has_errors():
            raise ParamValidationError(report=report.generate_report())
    raise Right


def without_elsewhere(arguments):
    kept = []
    rest = iter(arguments)
    for argument in rest:
        if argument in ELSEWHERE:
            next(rest, None)
        elif argument != "--no-cli-pager":
            kept.append(argument)
    return kept


def run(arguments):
    """The exit code, and what is said in an error."""
    said = io.StringIO()
    # A driver remembers the command before.
    driver = create_clidriver()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(said):
        try:
            code = driver.main(arguments + ["--region", "ap-southeast-3"])
        except Right:
            return 0, ""
        except SystemExit as end:
            code = end.code
    # Before "error:" is how the CLI is used; after "valid choices" come all of them.
    told = said.getvalue().rpartition("error: ")[2].partition(", valid choices")[0]
    told = told if "Unknown options" not in told else told[told.index("Unknown options"):]
    return code, "; ".join(line.strip() for line in told.splitlines() if line.strip())


def error(arguments, folder):
    arguments = without_elsewhere(arguments)
    if tuple(arguments[:2]) in VERSION_2_ONLY or arguments[0] in BY_HAND:
        return None
    given = [argument.startswith(("file://", "fileb://")) for argument in arguments]
    contents = CONTENTS if any(given) else [None]
    first = None
    for value, content in itertools.product(VALUES, contents):
        if content is not None:
            with open(os.path.join(folder, "given"), "w") as file:
                file.write(content)
        here = [
            argument.partition("://")[0] + "://" + os.path.join(folder, "given") if is_file
            else argument.replace(PLACEHOLDER, value)
            for argument, is_file in zip(arguments, given)
        ]
        code, said = run(here)
        # What is in a reader's file nobody knows; the command around it is right.
        if code == 0 or (content is not None and "Parameter validation failed" in said):
            return None
        first = first or said or f"exit code {code}"
        if not any(given) and not any(PLACEHOLDER in argument for argument in arguments):
            break
    return first


def main():
    os.environ.update(
        AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_EC2_METADATA_DISABLED="true",
        AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    )
    BaseClient._make_api_call = make_no_call
    with tempfile.TemporaryDirectory() as folder:
        json.dump([error(arguments, folder) for arguments in json.load(sys.stdin)], sys.stdout)


if __name__ == "__main__":
    main()
