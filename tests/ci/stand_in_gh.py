"""Stands in for `gh api` before a pull request's comments, which are kept in a file; each request is written down."""

import json
import os
import re
import sys
from argparse import ArgumentParser
from pathlib import Path

import jq

COMMENTS = re.compile(r"repos/([^/]+/[^/]+)/issues/(\d+)/comments\?per_page=100")


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("api", choices=["api"])
    parser.add_argument("path")
    parser.add_argument("--method", default="GET")
    parser.add_argument("--jq")
    parser.add_argument("--field")
    parser.add_argument("--paginate", action="store_true")
    parser.add_argument("--silent", action="store_true")
    asked = parser.parse_args()
    if not os.environ.get("GH_TOKEN"):
        sys.exit("gh: set the GH_TOKEN environment variable")
    with (asked.folder / "gh.log").open("a") as log:
        log.write(f"{asked.method} {asked.path}\n")
    file = asked.folder / "comments.json"
    comments = json.loads(file.read_text()) if file.exists() else []
    body = {}
    if asked.field:
        key, _, value = asked.field.partition("=@")
        body = {key: Path(value).read_text()}
    match asked.method, asked.path.split("/"):
        case "GET", ["repos", _, _, "environments", name]:
            protection = asked.folder / f"environment-{name}.json"
            document = json.loads(protection.read_text()) if protection.exists() else {"protection_rules": []}
            for found in jq.compile(asked.jq).input_value(document):
                print(found)
            return
        case "GET", _:
            assert COMMENTS.fullmatch(asked.path)
            # One page a comment: what follows may not rely on there being one page.
            for comment in comments:
                for found in jq.compile(asked.jq).input_value([comment]):
                    print(found)
            return
        case "POST", ["repos", _, _, "issues", _, "comments"]:
            comments.append({"id": len(comments) + 1, "user": {"login": "github-actions[bot]"}, **body})
        case "PATCH", ["repos", _, _, "issues", "comments", identity]:
            next(comment for comment in comments if str(comment["id"]) == identity).update(body)
        case _:
            sys.exit(f"gh: {asked.method} {asked.path}: Not Found (HTTP 404)")
    file.write_text(json.dumps(comments))


if __name__ == "__main__":
    main()
