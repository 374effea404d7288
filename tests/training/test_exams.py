from pathlib import Path

import numpy as np
from numpy.random import default_rng

from models.registry import find_weights
from training.candidates import find_candidate
from training.datasets import PhotoLibrary
from training.exams import COMPOSITE_SEEDS, clean_exam, composite_exam, groups_of, wound_exam
from training.splits import names_of
from training.synthesis import Compositor


def test_near_duplicates_of_the_report_part_share_a_group() -> None:
    groups = groups_of("fuseg", "report")
    assert list(groups) == names_of("fuseg", "report")
    assert len(set(groups.values())) < len(groups)


def test_composites_are_grouped_by_the_person_whose_hand_it_is(library: PhotoLibrary) -> None:
    hands, wounds = names_of("hands", "select"), names_of("fuseg", "select")
    for number, exam in enumerate(composite_exam(library, "select", 3)):
        rng = default_rng([COMPOSITE_SEEDS["select"], number])
        assert exam.group == f"hands {hands[rng.integers(len(hands))]}"  # the first thing that is drawn
        again = Compositor(library, hands, wounds).compose(default_rng([COMPOSITE_SEEDS["select"], number]))
        assert (again.rgb == exam.rgb).all()


def test_the_stored_outline_is_the_wounds_truth_and_clean_pictures_have_none(library: PhotoLibrary) -> None:
    exam = wound_exam(library, "select")[0]
    assert (exam.ulcer == library.mask("fuseg", exam.name.removeprefix("fuseg "))).all()
    clean = clean_exam(library, "select")
    assert {exam.traits["set"] for exam in clean} == {"hands", "nails"}
    assert not any(exam.ulcer.any() for exam in clean)
    assert all(np.unique(exam.labels[..., 0]).tolist() == [0] for exam in clean)


def test_a_registered_name_is_found() -> None:
    found = find_candidate("ulcer-unet-0.5.0", Path(), Path())
    assert found.weights == find_weights("ulcer-unet-0.5.0")
