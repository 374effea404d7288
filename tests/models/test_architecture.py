import pytest

from models.architecture import CHANNELS, TISSUES, Architecture, Description


@pytest.mark.parametrize("architecture", [None, Architecture("resnet18", (8, 8, 8, 8))])
@pytest.mark.parametrize("channels", [CHANNELS[:2], CHANNELS, (*CHANNELS, "nail")])
def test_what_is_written_is_read(channels: tuple[str, ...], architecture: Architecture | None) -> None:
    description = Description(channels, architecture)
    assert Description.read(description.metadata()) == description


def test_files_of_old_give_ulcer_and_skin() -> None:
    assert Description.read({}) == Description(("ulcer", "skin"), None)


def test_tissue_is_found_wherever_it_stands_and_only_whole() -> None:
    assert Description(CHANNELS[:2], None).tissue is None
    assert Description(CHANNELS[:4], None).tissue is None
    place = Description(("ulcer", "skin", "nail", *TISSUES), None).tissue
    assert place == slice(3, 6)


def test_other_channels_in_front_are_refused() -> None:
    with pytest.raises(ValueError, match="begin with ulcer and skin"):
        Description.read({"channels": '["skin", "ulcer"]'})
