"""Terraform's JSON: its blocks and expressions are those of the same text in HCL."""

import pytest

from escscaffold.terraform import expressions as hcl
from escscaffold.terraform.hcl_reader import json_configuration, read_hcl
from escscaffold.terraform.tokens import NotHclError

# Each block in HCL, and the same as Terraform's documentation writes it in JSON.
SAME = {
    "resource": (
        """
        resource "aws_instance" "a" {
          provider   = aws.west
          count      = "${var.n}"
          ami        = "ami-${var.id}"
          depends_on = [aws_vpc.main, module.net]
          tags       = { Name = "a$${b}" }
          lifecycle {
            create_before_destroy = true
            ignore_changes        = [tags["Name"], ami]
            replace_triggered_by  = [aws_vpc.main.id]
            precondition {
              condition     = "${var.n > 0}"
              error_message = "none"
            }
          }
          provisioner "local-exec" {
            when    = destroy
            command = "echo ${self.id}"
          }
          dynamic "ebs" {
            for_each = "${var.disks}"
            iterator = disk
            content {
              size = "${disk.value}"
            }
          }
        }
        """,
        {
            "resource": {
                "aws_instance": {
                    "a": {
                        "//": "said to people",
                        "provider": "aws.west",
                        "count": "${var.n}",
                        "ami": "ami-${var.id}",
                        "depends_on": ["aws_vpc.main", "module.net"],
                        "tags": {"Name": "a$${b}"},
                        "lifecycle": {
                            "create_before_destroy": True,
                            "ignore_changes": ['tags["Name"]', "ami"],
                            "replace_triggered_by": ["aws_vpc.main.id"],
                            "precondition": {"condition": "${var.n > 0}", "error_message": "none"},
                        },
                        "provisioner": {"local-exec": {"when": "destroy", "command": "echo ${self.id}"}},
                        "dynamic": {
                            "ebs": {
                                "for_each": "${var.disks}",
                                "iterator": "disk",
                                "content": {"size": "${disk.value}"},
                            }
                        },
                    }
                }
            }
        },
    ),
    "ignore_all": (
        'resource "a" "b" {\nlifecycle {\nignore_changes = all\n}\n}\n',
        {"resource": {"a": {"b": {"lifecycle": {"ignore_changes": "all"}}}}},
    ),
    "action": (
        'action "aws_lambda_invoke" "a" {\nconfig {\nfunction_name = "b-${var.c}"\n}\n}\n',
        {"action": {"aws_lambda_invoke": {"a": {"config": {"function_name": "b-${var.c}"}}}}},
    ),
    "moved": (
        'moved {\nfrom = a.b["k"]\nto = module.c.a.b[0]\n}\nmoved {\nfrom = x.y\nto = x.z\n}\n',
        {"moved": [{"from": 'a.b["k"]', "to": "module.c.a.b[0]"}, {"from": "x.y", "to": "x.z"}]},
    ),
    "removed": (
        "removed {\nfrom = a.b\nlifecycle {\ndestroy = false\n}\n}\n",
        {"removed": {"from": "a.b", "lifecycle": {"destroy": False}}},
    ),
    "import": ('import {\nto = a.b\nid = "i-${var.x}"\n}\n', {"import": {"to": "a.b", "id": "i-${var.x}"}}),
    "providers": (
        'provider "aws" {\nregion = "eu"\n}\nprovider "aws" {\nalias = "west"\n}\n',
        {"provider": {"aws": [{"region": "eu"}, {"alias": "west"}]}},
    ),
    "terraform": (
        """
        terraform {
          required_version = ">= 1.5"
          required_providers {
            aws = { source = "hashicorp/aws", version = "~> 5.0" }
          }
          backend "s3" {
            bucket = "b"
          }
        }
        """,
        {
            "terraform": {
                "required_version": ">= 1.5",
                "required_providers": {"aws": {"source": "hashicorp/aws", "version": "~> 5.0"}},
                "backend": {"s3": {"bucket": "b"}},
            }
        },
    ),
    "variable": (
        """
        variable "x" {
          type        = list(object({ a = string }))
          description = "$${x}"
          default     = ["$${y}"]
          validation {
            condition     = "${length(var.x) > 0}"
            error_message = "none"
          }
        }
        """,
        {
            "variable": {
                "x": {
                    "type": "list(object({ a = string }))",
                    "description": "${x}",
                    "default": ["${y}"],
                    "validation": {"condition": "${length(var.x) > 0}", "error_message": "none"},
                }
            }
        },
    ),
    "check": (
        """
        check "up" {
          data "http" "x" {
            url = "https://example.com"
          }
          assert {
            condition     = "${data.http.x.ok}"
            error_message = "down: ${data.http.x.code}"
          }
        }
        """,
        {
            "check": {
                "up": {
                    "data": {"http": {"x": {"url": "https://example.com"}}},
                    "assert": {"condition": "${data.http.x.ok}", "error_message": "down: ${data.http.x.code}"},
                }
            }
        },
    ),
    "module": (
        'module "m" {\nsource = "./m"\nproviders = { aws = aws.west }\ndepends_on = [a.b]\nsize = 1.5\n}\n',
        {"module": {"m": {"source": "./m", "providers": {"aws": "aws.west"}, "depends_on": ["a.b"], "size": 1.5}}},
    ),
    "locals_and_outputs": (
        'locals {\na = "${[for x in var.y : x]}"\nb = null\n}\noutput "o" {\nvalue = "${local.a}"\n}\n'
        'ephemeral "a" "b" {\nc = 1\n}\ndata "a" "b" {\nprovider = c\n}\n',
        [
            {"//": "two parts", "locals": {"a": "${[for x in var.y : x]}", "b": None}},
            {
                "output": {"o": {"value": "${local.a}"}},
                "ephemeral": {"a": {"b": {"c": 1}}},
                "data": [{"a": [{"b": {"provider": "c"}}]}],
            },
        ],
    ),
}


def without_places(body: hcl.Body) -> object:
    attributes = [(attribute.name, attribute.value) for attribute in body.attributes]
    return attributes, [(block.type, block.labels, without_places(block.body)) for block in body.blocks]


@pytest.mark.parametrize("text, document", SAME.values(), ids=SAME)
def test_json_says_what_hcl_says(text: str, document: object) -> None:
    assert without_places(json_configuration(document)) == without_places(read_hcl(text))


@pytest.mark.parametrize(
    "document, message",
    [
        ([1], "not a JSON object"),
        ({"resorce": {}}, "resorce"),
        ({"resource": {"a": "b"}}, "resource.a is not a JSON object"),
        ({"locals": {"a": "${"}}, "in a, expected a value"),
        ({"moved": {"from": "a..b"}}, "in from, expected a name"),
    ],
)
def test_what_json_does_not_say_is_refused(document: object, message: str) -> None:
    with pytest.raises(NotHclError) as refused:
        json_configuration(document)

    assert message in refused.value.message
