"""The score of `make mutation` counts what the tests noticed, and nothing else."""

import json
from pathlib import Path

from tests.mutation import Score, report, score_of, scores


def test_what_survived_or_no_test_reached_was_not_noticed_and_what_was_not_tried_is_left_out() -> None:
    score = score_of({"a": 1, "b": 0, "c": 33, "d": None, "e": 36})

    assert score == Score(made=4, noticed=2)
    assert score.percent == 50.0


def test_modules_are_read_by_name_and_added_up(tmp_path: Path) -> None:
    (tmp_path / "ocr").mkdir()
    for name, exits in {"claims": {"a": 1, "b": 1, "c": 0}, "models": {}}.items():
        (tmp_path / f"ocr/{name}.py.meta").write_text(json.dumps({"exit_code_by_key": exits}), encoding="utf-8")

    found = scores(tmp_path)

    assert found == {"ocr/claims.py": Score(3, 2)}
    assert "66.7 %" in report(found)
