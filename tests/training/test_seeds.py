from training.seeds import leaves, lines, over_seeds


def _report(dice: float, weights: str, share: float | None = 0.1) -> dict[str, object]:
    return {
        "weights": weights,
        "part": "report",
        "counting": {"threshold": 0.5, "certainty": 0.9},
        "wounds": {
            "images": 122,
            "dice_image_mean": [dice, dice - 0.1, dice + 0.1],
            "by size": {"under 500 px": {"images": 3, "dice_image_mean": [dice - 0.2, 0.1, 0.9]}},
        },
        "clean hands and nails": {"share": [share, 0.0, 0.2] if share is not None else None, "raised": ["a"]},
    }


def test_figures_are_told_as_mean_and_range() -> None:
    combined = over_seeds([_report(0.8, "one"), _report(0.9, "two"), _report(0.85, "three")])
    assert combined["networks"] == ["one", "two", "three"]
    assert combined["wounds"]["dice_image_mean"] == {"mean": 0.85, "least": 0.8, "greatest": 0.9}
    assert combined["wounds"]["by size"]["under 500 px"]["dice_image_mean"]["mean"] == 0.65
    assert "images" not in combined["wounds"]
    assert "raised" not in combined["clean hands and nails"]
    assert "wounds · dice_image_mean: 0.8500 (0.8000 to 0.9000)" in lines(combined)


def test_a_figure_that_one_seed_lacks_is_not_told() -> None:
    combined = over_seeds([_report(0.8, "one"), _report(0.9, "two", share=None)])
    assert "clean hands and nails" not in combined


def test_leaves_know_their_place() -> None:
    assert dict(leaves(_report(0.5, "one")))["wounds", "by size", "under 500 px", "dice_image_mean"] == 0.3
