import subprocess

import pytest

from sana_desktop.system import hardware
from sana_desktop.system.hardware import machine_facts, parse_gpus, parse_processor, read_hardware

ANSWER = "NVIDIA GeForce RTX 4070 Laptop GPU, 8188, 7620\nOther, 4096, 4000\n"


def test_the_first_card_counts() -> None:
    gpu = parse_gpus(ANSWER)
    assert gpu is not None
    assert gpu.name == "NVIDIA GeForce RTX 4070 Laptop GPU"
    assert (gpu.memory_total, gpu.memory_free) == (8188 * 2**20, 7620 * 2**20)


@pytest.mark.parametrize("answer", ["", "No devices were found", "A, [N/A], [N/A]", "a,b", '"\0', "A, ٣x, 5"])
def test_an_answer_that_makes_no_sense_is_no_card(answer: str) -> None:
    assert parse_gpus(answer) is None


def test_a_card_that_the_installed_torch_cannot_use_does_not_count_but_is_named() -> None:
    machine = read_hardware(lambda: ANSWER, "2.13.0+cpu")
    assert machine.gpu is None
    assert machine.unused_gpu == "NVIDIA GeForce RTX 4070 Laptop GPU"


def test_a_card_that_torch_can_use_counts() -> None:
    machine = read_hardware(lambda: ANSWER, "2.13.0+cu130")
    assert machine.gpu is not None
    assert machine.unused_gpu == ""
    assert 0 < machine.memory_free <= machine.memory_total
    assert machine.processor


def test_a_machine_without_the_program_has_no_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware.shutil, "which", lambda _: None)
    assert read_hardware().gpu is None


@pytest.mark.parametrize("failure", [OSError("gone"), subprocess.TimeoutExpired("nvidia-smi", 5)])
def test_a_driver_that_hangs_or_is_broken_is_no_card(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    def fail(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr(hardware.shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    monkeypatch.setattr(hardware.subprocess, "run", fail)
    assert read_hardware(torch_version="2.13.0").gpu is None


def test_a_program_that_fails_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware.shutil, "which", lambda _: "/usr/bin/nvidia-smi")
    answer = subprocess.CompletedProcess([], 9, stdout=ANSWER, stderr="")
    monkeypatch.setattr(hardware.subprocess, "run", lambda *_, **__: answer)
    assert read_hardware(torch_version="2.13.0").gpu is None


def test_name_and_instructions_of_the_first_processor() -> None:
    text = "processor\t: 0\nmodel name\t: Fast One\nflags\t\t: fpu amx_bf16\n\nmodel name\t: Other\nflags\t: none\n"
    assert parse_processor(text) == ("Fast One", frozenset({"fpu", "amx_bf16"}))
    assert parse_processor("") == ("", frozenset())


def test_a_report_names_processor_and_memory() -> None:
    facts = dict(machine_facts())
    assert facts["Processor"]
    assert facts["Memory"].endswith("GiB free")
