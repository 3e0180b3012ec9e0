from pathlib import Path

import pytest
import torch

from training.tiny_encoder import TinyEncoder, load_teacher


def test_an_encoder_makes_one_position_of_32_pixels() -> None:
    assert TinyEncoder(4, 8)(torch.rand(2, 3, 64, 96)).shape == (2, 32, 2, 3)


def test_the_published_layout_has_as_many_parameters_as_the_published_file() -> None:
    assert sum(parameter.numel() for parameter in TinyEncoder().parameters()) == 1_256_288


def test_a_teacher_is_frozen_and_computes_in_fp32(tmp_path: Path) -> None:
    torch.manual_seed(0)
    published = TinyEncoder().half()
    torch.save(published.state_dict(), tmp_path / "encoder.pth")
    teacher = load_teacher(tmp_path / "encoder.pth")
    assert not any(parameter.requires_grad for parameter in teacher.parameters())
    picture = torch.rand(1, 3, 32, 32)
    torch.testing.assert_close(teacher(picture), published.float()(picture))


def test_another_network_is_refused(tmp_path: Path) -> None:
    torch.save(TinyEncoder(4, 8).state_dict(), tmp_path / "encoder.pth")
    with pytest.raises(RuntimeError, match="size mismatch"):
        load_teacher(tmp_path / "encoder.pth")
