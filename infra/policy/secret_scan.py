"""Looks for secrets in the files that git tracks, with detect-secrets, less what is accepted.

    python infra/policy/secret_scan.py [folder [accepted.csv]]

Findings one a line, never with the secret itself; exit code 1 if there are any.
"""

import os
import pathlib
import subprocess
import sys

from detect_secrets import SecretsCollection
from detect_secrets.settings import default_settings

from accepted import Accepted


def main():
    here = pathlib.Path(__file__).parent
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else here.parent.parent
    accepted = Accepted(sys.argv[2] if len(sys.argv) > 2 else here / "accepted-secrets.csv")
    os.chdir(folder)
    # Whoever owns the folder: nothing of it is run.
    git = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(git, check=True, stdout=subprocess.PIPE, text=True).stdout
    files = [name for name in listed.split("\0") if name and pathlib.Path(name).is_file()]
    if not files:
        sys.exit(f"{folder}: git tracks no files there")
    secrets = SecretsCollection()
    with default_settings():
        secrets.scan_files(*files, num_processors=os.cpu_count())
    found = [
        f"{path}:{secret.line_number}: {secret.type}"
        for path, secret in sorted(secrets, key=lambda pair: (pair[0], pair[1].line_number, pair[1].type))
        if not accepted.takes(secret.type, path)
    ]
    return accepted.conclude(found, f"detect-secrets: {len(files)} files")


if __name__ == "__main__":
    sys.exit(main())
