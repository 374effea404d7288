import pytest

from models.architecture import CHANNELS, TISSUES, Architecture, Description

RESNET = Architecture("resnet18", (8, 8, 8, 8))


@pytest.mark.parametrize("equals", [{}, {"one": "other"}])
@pytest.mark.parametrize("channels", [CHANNELS[:2], CHANNELS, (*CHANNELS, "nail")])
def test_what_is_written_is_read(channels: tuple[str, ...], equals: dict[str, str]) -> None:
    description = Description(channels, RESNET, equals)
    assert Description.read(description.metadata()) == description


@pytest.mark.parametrize("missing", ["channels", "architecture"])
def test_a_file_that_does_not_say_what_it_is_is_refused(missing: str) -> None:
    metadata = Description(CHANNELS, RESNET).metadata()
    del metadata[missing]
    with pytest.raises(ValueError, match="does not say"):
        Description.read(metadata)


def test_tissue_is_found_wherever_it_stands_and_only_whole() -> None:
    assert Description(CHANNELS[:2], RESNET).tissue is None
    assert Description(CHANNELS[:4], RESNET).tissue is None
    place = Description(("ulcer", "skin", "nail", *TISSUES), RESNET).tissue
    assert place == slice(3, 6)


def test_other_channels_in_front_are_refused() -> None:
    with pytest.raises(ValueError, match="begin with ulcer and skin"):
        Description.read({**Description(CHANNELS, RESNET).metadata(), "channels": '["skin", "ulcer"]'})
