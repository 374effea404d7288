import cv2
import numpy as np
import pytest
import torch

from training.compression import compressed


def _picture() -> np.ndarray:
    rng = np.random.default_rng(4)
    coarse = rng.uniform(30, 225, (8, 8, 3)).astype(np.float32)
    return np.clip(cv2.resize(coarse, (96, 96), interpolation=cv2.INTER_CUBIC), 0, 255).astype(np.uint8)


def _as_tensor(rgb: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(rgb.transpose(2, 0, 1)[None].astype(np.float32) / 255)


@pytest.mark.parametrize("quality", [35, 50, 75, 92])
def test_pictures_come_out_as_from_an_encoder(quality: int) -> None:
    rgb = _picture()
    parameters = [
        cv2.IMWRITE_JPEG_QUALITY, quality,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420,
    ]  # fmt: skip
    data = cv2.imencode(".jpg", rgb[..., ::-1], parameters)[1]
    theirs = _as_tensor(np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1]))
    ours = compressed(_as_tensor(rgb), np.array([quality]))
    lost = float((theirs - _as_tensor(rgb)).abs().mean())
    assert float((ours - theirs).abs().mean()) < max(0.35 * lost, 0.004)


def test_each_picture_has_its_own_quality() -> None:
    both = _as_tensor(_picture()).expand(2, -1, -1, -1)
    out = compressed(both, np.array([20, 95]))
    lost = (out - both).abs().mean(dim=(1, 2, 3))
    assert float(lost[0]) > 2 * float(lost[1])
