"""Checks a transformed template with checkov, offline, less what is accepted.

    python infra/lint-template.py --print > plain.json          (the Python with the SAM CLI)
    python infra/policy/template.py plain.json [accepted.csv]   (the Python with checkov)

Findings one a line; exit code 1 if there are any.
"""

import logging
import pathlib
import sys

# Each sets its own level when imported; what fails is in the report.
logging.disable(logging.CRITICAL)

from checkov.cloudformation.runner import Runner  # noqa: E402
from checkov.runner_filter import RunnerFilter  # noqa: E402

from accepted import Accepted  # noqa: E402


def main():
    plain = str(pathlib.Path(sys.argv[1]).resolve())
    default = pathlib.Path(__file__).with_name("accepted-template.csv")
    accepted = Accepted(sys.argv[2] if len(sys.argv) > 2 else default)
    report = Runner().run(None, files=[plain], runner_filter=RunnerFilter(framework=["cloudformation"]))
    if report.parsing_errors or not report.passed_checks:
        sys.exit(f"{plain}: checkov cannot read it, or finds nothing there to check")
    found = [
        f"{check.check_id} {check.resource}: {check.check_name}"
        for check in report.failed_checks
        if not accepted.takes(check.check_id, check.resource)
    ]
    return accepted.conclude(found, f"checkov: {len(report.passed_checks)} passed")


if __name__ == "__main__":
    sys.exit(main())
