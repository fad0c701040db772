"""The chart holds what is planned, and nothing that a person could have written into it."""

import re

from msgspec.structs import replace

from escscaffold import plan
from escscaffold.drawing.mermaid import flowchart, overview
from escscaffold.drawing.topology import topology_of
from tests.benchmarks import fleets
from tests.drawing.crowds import SPECS, hostile_plan, plan_of, topology

LINE = re.compile(
    r"""\ *(?:
        flowchart\ LR | end | direction\ LR
        | subgraph\ [a-z0-9]+\["LABEL"\]
        | [a-z0-9]+(?:\["LABEL"\] | \[\("LABEL"\)\] | \(\["LABEL"\]\))(?::::[a-z-]+)?
        | [a-z0-9]+(?:\ ---\ [a-z0-9]+)+
        | classDef\ [a-z-]+\ [a-z:#0-9,-]+
    )""".replace("LABEL", r"(?:[A-Za-z0-9\ ./,:_?-]|\#[0-9]+;|<br/>)+"),
    re.VERBOSE,
)


def hold(chart: str) -> None:
    """Assert that the chart is made of what a chart of ours is made of."""
    lines = chart.splitlines()
    ids = re.findall(r"^ *(?:subgraph )?([a-z0-9]+)[\[(]", chart, re.MULTILINE)

    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert sum(" subgraph " in f" {line.strip()} " for line in lines) == sum(line.strip() == "end" for line in lines)
    assert len(ids) == len(set(ids))


def test_every_range_stands_in_the_chart_with_its_block() -> None:
    for name in SPECS:
        chart = flowchart([topology(name)])

        hold(chart)
        for planned in plan_of(name).environments[0].ranges:
            assert str(planned.cidr) in chart


def test_names_are_labels_whatever_they_hold() -> None:
    shown = [topology_of(one) for one in hostile_plan().environments]

    hold(flowchart([replace(one, network=one.name) for one in shown]))


def test_what_the_peering_misses_is_marked() -> None:
    chart = flowchart([topology("pods that nothing covers")])

    assert '["pods 10.120.0.0/14"]:::cut-off' in chart
    assert '(["peering to nothing"])' in chart
    assert "classDef cut-off " in chart


def test_the_chart_of_a_readme_is_small_enough_to_be_drawn() -> None:
    chart = overview(plan(replace(fleets.usual(70), reserved={})))

    hold(chart)
    # GitHub's limits: https://github.com/mermaid-js/mermaid/blob/develop/packages/mermaid/src/schemas/config.schema.yaml
    assert len(chart) < 50_000
    assert chart.count("---") < 500
    assert '"and 10 more"' in chart
