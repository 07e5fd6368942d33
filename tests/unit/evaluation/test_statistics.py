"""Intervals and folds."""

import pytest

from ocr.evaluation.statistics import clustered, folds, wilson


def test_wilsons_interval_is_the_published_one() -> None:
    share = wilson(part=81, whole=263)  # Newcombe 1998, table I, method 3
    assert share.low == pytest.approx(0.2553, abs=1e-4)
    assert share.high == pytest.approx(0.3662, abs=1e-4)


def test_nothing_of_something_is_not_surely_nothing() -> None:
    share = wilson(part=0, whole=20)  # Newcombe 1998, table I, method 3
    assert share.low == 0
    assert share.high == pytest.approx(0.1611, abs=1e-4)


def test_a_share_of_nothing_is_unknown() -> None:
    assert wilson(part=0, whole=0).value is None
    assert clustered([]).value is None


def test_documents_of_one_supplier_widen_the_interval() -> None:
    alone = clustered([(f"supplier {number}", number % 2, 1) for number in range(40)])
    together = clustered([(f"supplier {number // 10}", number // 10 % 2, 1) for number in range(40)])
    assert alone.value == together.value == 0.5
    assert alone.low is not None
    assert together.low is not None
    assert together.low < alone.low - 0.1


def test_where_all_agree_the_interval_is_that_of_the_suppliers() -> None:
    share = clustered([("a", 5, 5), ("b", 50, 50)])
    assert share.value == 1.0
    assert share.low == pytest.approx(wilson(part=2, whole=2).low)


def test_the_same_counts_give_the_same_interval() -> None:
    counts = [("a", 1, 3), ("b", 2, 2), ("c", 0, 1)]
    assert clustered(counts) == clustered(counts)


def test_no_supplier_is_in_two_folds_and_all_folds_hold_as_much() -> None:
    groups = ["a"] * 6 + ["b"] * 3 + ["c"] * 2 + ["d"]
    chosen = folds(groups=groups, count=2)
    assert sorted(chosen) == ["a", "b", "c", "d"]
    assert [sum(chosen[group] == fold for group in groups) for fold in (0, 1)] == [6, 6]
