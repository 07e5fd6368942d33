"""The tables of the reports are Markdown, whatever their widths."""

from benchmarks.tables import table


def test_each_column_of_figures_has_a_rule_that_markdown_takes() -> None:
    told = table(headings=("what", "n"), rows=[("a", "6"), ("b", "7")])

    assert told.splitlines()[1] == "| ---- | -: |"
    assert {len(line) for line in told.splitlines()} == {len(told.splitlines()[0])}
