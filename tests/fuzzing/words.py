"""What nobody should write, and what everybody does: the words that inputs are made of."""

MARK = "zqx"
"""Stands around each hostile text that goes into a file, so that a sink can find where it came to lie.

No template, schema or message has it.
"""

HOSTILE = {
    "expression": '${file("/etc/passwd")}',
    "directive": "%{ for x in y }",
    "quote": 'a"b',
    "single quote": "a'b",
    "newline": "a\nb",
    "parent": "../up",
    "absolute": "/etc/passwd",
    "dots": "..",
    "backslash": "a\\b",
    "escape": "\x1b[2J\x07",
    "delete": "a\x7fb",
    "300 letters": "a" * 300,
    "homoglyph": "pr\u043ed",
    "full width": "\uff50rod",
    "right to left": "prod\u202e",
    "zero width": "pr\u200bod",
    "device": "con",
    "numbered device": "lpt1",
    "empty": "",
    "space": " prod",
    "leading hyphen": "-rf",
    "trailing hyphen": "prod-",
    "capital": "Prod",
    "dot": ".git",
    "shell": "$(id)",
    "table": "a.b",
}
"""Names that no environment may have."""

NASTY = [
    "`code`",
    "a|b",
    "a\\|b",
    "a\\\\||b",
    "@somebody and #1",
    "<script>alert(1)</script>",
    "<!-- escscaffold:review -->",
    "</details>",
    "[click](https://evil.example)",
    "![](https://evil.example/x.png)",
    "https://evil.example www.evil.example",
    "**bold** _it_ ~~no~~ $x$ :tada:",
    "\u202egnp.exe \u200b \x1b[2J \x07",
    "```\nfence",
    "\n\n# heading\n",
    "::error::injected\n::set-output name=x::y",
    "&lt;b&gt; &#64;x",
    "x" * 5000,
]
"""Texts that would steer a comment on a pull request."""

STEERING = [
    *HOSTILE.values(),
    *NASTY,
    *(
        "${{ github.token }}",
        "$${a}",
        "%%{ if a }",
        "$%{a}",
        "\\${a}",
        "$$${a}",
        '"${a}"',
        "<<EOT\na\nEOT",
        "a\n}\nb {",
    ),
    *("`id`", "; id", "| id", "&& id", "$(id)", "a' ; id #", '" ; id #', "\\", "\\\\", "\\n", "#", "//", "/*", "*/"),
    *("*alias", "&anchor", "!!python/object:os.system", "- a", "a: b", "{a: b}", "? a", "---", "%YAML 1.1"),
    *("]]>", "<![CDATA[", "<b onclick=x>", "&amp;", "'><script>", "javascript:x", "{{ 7*7 }}", "{% raw %}", "{# a #}"),
    *("=cmd|' /C calc'!A0", "\ufeff", "\u2028", "\x85", "\x00", "\ud800", "\U0001f4a5", "a\tb", "a\r\nb", "a\rb"),
]

BLOCKS = [
    *("10.0.0.0/8", "10.0.0.0/16", "10.255.255.0/24", "172.16.0.0/12", "172.31.0.0/17", "192.168.0.0/16"),
    *("0.0.0.0/0", "0.0.0.0/1", "255.255.255.255/32", "224.0.0.0/4", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10"),
    *("10.0.0.0/33", "10.0.0.0/-1", "10.0.0/16", "010.0.0.0/16", "10.0.0.0/16/16", "10.0.0.0", "::/0", "fd00::/8"),
    *("10.0.0.0/\u0661\u0666", "10.0.0.0/255.255.0.0", "10.0.0.1/16", " 10.0.0.0/16", "10.0.0.0/16 ", "\u06f1.0.0.0/8"),
    *("/0", "/1", "/16", "/20", "/24", "/28", "/32", "/33", "/", "16", "{ nodes = 3 }", "{ nodes = 10, growth = 4 }"),
    *("{ services = 500 }", "{ size = '/20', growth = 2 }", "{}", "{", "{a=" + "[" * 300, "10.0.0.0/16,10.1.0.0/16"),
]

NUMBERS = [0, 1, -1, 2, 3, 8, 29, 30, 31, 32, 33, 100, 110, 250, 256, 65536, 2**31, 2**63, 2**70, -(2**63), 10**400]

WORDS = [
    *("version", "provider", "backend", "pools", "reserved", "accept", "environments", "prod", "dev", "cloud"),
    *("region", "mode", "routes", "ranges", "parts", "existing", "options", "kubernetes", "database", "acl", "backup"),
    *("kurrent_region", "integrations", "sink", "slack", "channel"),
    *(
        "tags",
        "name",
        "may_overlap",
        "remote",
        "kurrent",
        "nodes",
        "pods",
        "network",
        "services",
        "nodes-1",
        "nodes-99",
    ),
    *("size", "cidr", "growth", "surge", "pods_per_node", "spare", "kurrent-network", "kurrent-project", "create"),
    *("existing", "absent", "exact", "supernet", "aws", "gcp", "azure", "kurrentcloud", "eventstorecloud", "snat"),
    *("nat", "outbound", "ESC201", "ESC205", "ESC501", "ESC999", "type", "s3", "gcs", "azurerm", "bucket", "prefix"),
    *("eu-west-1", "europe-west2", "westeurope", "eu-cetral-1", "disk_size", "instance_types", "nodes_max", "schedule"),
]
"""What means something to a reader, so that chance gets past the first key."""
