"""Transforms infra/template.yaml as CloudFormation would, then lints what comes out.

`sam validate --lint` reads the template before the transform and so misses an unknown event property, a wrong
FunctionResponseTypes value or a queue's visibility below its function's time-out. Run with the Python that has the
SAM CLI and cfn-lint:

    python infra/lint-template.py            findings for each pack, one a line; exit code 1 if there are any
    python infra/lint-template.py --print    {pack: transformed template} as JSON, for tests that read them
"""

import json
import pathlib
import sys

from cfnlint.api import ManualArgs, lint
from samcli.commands.validate.lib.exceptions import InvalidSamDocumentException
from samcli.lib.cfn_language_extensions.api import create_default_intrinsic_resolver
from samcli.lib.cfn_language_extensions.models import TemplateProcessingContext
from samcli.lib.cfn_language_extensions.pipeline import ProcessingPipeline
from samcli.lib.cfn_language_extensions.processors import ForEachProcessor, TemplateParsingProcessor
from samcli.lib.translate.sam_template_validator import SamTemplateValidator
from samcli.yamlhelper import yaml_parse

INFRA = pathlib.Path(__file__).parent
REGION = "ap-southeast-3"

# Findings that are right for a reason: rule, the start of its message.
EXPECTED = [
    # Not an action on AWS, where SendMessage covers it; the emulator asks for it.
    ("W3037", "'sendmessagebatch' is not one of"),
]


class NoManagedPolicies:
    """SAM asks AWS for its managed policies; the template uses none."""

    def load(self):
        return {}


def transformed(pack_file):
    """The plain CloudFormation template of a pack: loops expanded, serverless resources translated.

    Only the loops: the SAM CLI's own resolver of the other functions drops the Fn::Sub around a half-resolved text.
    """
    template = yaml_parse((INFRA / "template.yaml").read_text(encoding="utf-8"))
    parameters = yaml_parse(pack_file.read_text(encoding="utf-8"))
    context = TemplateProcessingContext(fragment=template, parameter_values=parameters)
    loops = ForEachProcessor(create_default_intrinsic_resolver(context))
    expanded = ProcessingPipeline([TemplateParsingProcessor(), loops]).process_template(context)
    validator = SamTemplateValidator(expanded, NoManagedPolicies(), region=REGION)
    plain = yaml_parse(validator.get_translated_template_if_valid())
    # FindInMap with a default is still there for cfn-lint to understand; the loop's own parameter is used up.
    plain["Transform"] = ["AWS::LanguageExtensions"]
    del plain["Parameters"]["AgencyCodes"]
    return json.dumps(plain, default=str, indent=1)


def findings(plain):
    """What cfn-lint has to say about a plain template, less what is expected."""
    for finding in lint(plain, config=ManualArgs(regions=[REGION])):
        if not any(finding.rule.id == rule and finding.message.startswith(text) for rule, text in EXPECTED):
            path = "/".join(str(step) for step in getattr(finding, "path", None) or [])
            yield f"{finding.rule.id} {path}: {finding.message}"


def main():
    packs = sorted((INFRA / "packs").glob("*.yaml"))
    if "--print" in sys.argv[1:]:
        print(json.dumps({pack.stem: json.loads(transformed(pack)) for pack in packs}))
        return 0
    clean = True
    for pack in packs:
        plain = transformed(pack)
        found = list(findings(plain))
        for line in found:
            print(f"{pack.stem}: {line}")
        count = len(json.loads(plain)["Resources"])
        print(f"{pack.stem}: {count} resources of 500, {len(found)} findings", file=sys.stderr)
        clean = clean and not found
    return 0 if clean else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except InvalidSamDocumentException as error:
        sys.exit(f"infra/template.yaml cannot be transformed: {error}")
