from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
import torch

from sana_desktop.domain.cancel import CancelToken
from sana_desktop.domain.events import MemoryShort, Notice, Phase, PhaseStarted
from sana_desktop.domain.memory_plan import PLANS
from sana_desktop.domain.picture import Picture
from sana_desktop.domain.sizes import Size
from sana_desktop.engine import pack_loader, pipeline
from sana_desktop.engine.engine import Engine
from sana_desktop.engine.graphs import StepGraphs
from sana_desktop.engine.memory_needs import decode_bytes
from sana_desktop.engine.pack_loader import LoadedPack
from sana_desktop.engine.plans import fitting_decode, is_out_of_memory, smaller_plan
from sana_desktop.engine.text_encoder import GemmaEncoder, TextEncoder
from sana_desktop.errors import MachineError
from sana_desktop.system.packs import read_pack
from sana_models.configs import DC_AE_F32C32
from sana_models.dc_ae import DCAutoencoder
from sana_models.dit_blocks import SanaBlock
from support.fake_recorder import FakeRecorder
from support.recording_listener import RecordingListener
from support.tiny_pack import tiny_engine, tiny_recipe, write_tiny_pack

CPU, GPU = torch.device("cpu"), torch.device("cuda", 0)


def test_the_decode_goes_down_every_rung_and_the_processor_is_the_last():
    for plan, below in pairwise(PLANS):
        assert smaller_plan(plan, Phase.DECODE, GPU) == below
    assert PLANS[-1].decode_on_cpu
    assert smaller_plan(PLANS[-1], Phase.DECODE, GPU) is None


def test_on_the_processor_there_is_no_other_processor():
    assert smaller_plan(PLANS[-2], Phase.DECODE, CPU) is None


@pytest.mark.parametrize("phase", [Phase.LOAD, Phase.ENCODE, Phase.SAMPLE])
def test_before_the_decode_only_making_room_helps(phase: Phase):
    one = smaller_plan(PLANS[0], phase, GPU)
    assert one == PLANS[1]
    assert smaller_plan(PLANS[1], phase, CPU) is None


def test_a_card_too_small_for_the_encoder_leaves_reading_to_the_processor():
    plan = smaller_plan(PLANS[1], Phase.ENCODE, GPU)
    assert plan is not None
    assert plan.text_on_cpu
    assert "the text read on the processor" in plan.words
    assert smaller_plan(plan, Phase.ENCODE, GPU) is None
    assert smaller_plan(PLANS[1], Phase.SAMPLE, GPU) is None
    below = smaller_plan(plan, Phase.DECODE, GPU)
    assert below == replace(PLANS[2], text_on_cpu=True)


def test_full_memory_is_known_in_all_its_forms_and_nothing_else_is_taken_for_it():
    # A request that no machine can fulfil: what torch really says on a processor.
    with pytest.raises(RuntimeError) as caught:
        torch.empty(2**60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)
    assert is_out_of_memory(torch.OutOfMemoryError("CUDA out of memory"))
    assert is_out_of_memory(MemoryError())
    assert not is_out_of_memory(RuntimeError("shapes do not match"))
    assert not is_out_of_memory(ValueError("DefaultCPUAllocator"))


def test_the_decode_stays_whole_where_there_is_room_and_goes_no_further_than_needed():
    size = Size(2048, 2048)
    assert fitting_decode(PLANS[0], DC_AE_F32C32, size, 4, 10**12) is PLANS[0]
    for plan in PLANS[2:5]:
        room = decode_bytes(DC_AE_F32C32, size, plan.tile, 4) + 100 * 2**20
        assert fitting_decode(PLANS[0], DC_AE_F32C32, size, 4, room) == plan
    assert fitting_decode(PLANS[0], DC_AE_F32C32, size, 4, 0) == PLANS[4]
    assert fitting_decode(PLANS[-1], DC_AE_F32C32, size, 4, 0) is PLANS[-1]


def test_where_little_is_free_in_the_end_the_decode_begins_in_tiles_and_says_so(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    free = iter([10**12])
    monkeypatch.setattr(LoadedPack, "free_bytes", lambda self: next(free, 0))
    picture, listener = _draw(engine)
    assert any(PLANS[4].words in notice.text for notice in listener.of(Notice))
    assert picture.memory.plan == PLANS[4]
    assert picture.memory.peak >= picture.memory.idle > 0
    assert listener.of(MemoryShort) == []
    assert len(picture.rgb) == 96 * 64 * 3


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_pack(tmp_path_factory.mktemp("packs") / "tiny")


@pytest.fixture
def engine(pack: Path, tmp_path: Path, repository: Path) -> Engine:
    return tiny_engine(pack, tmp_path, repository / "resources")


def _draw(engine: Engine) -> tuple[Picture, RecordingListener]:
    listener = RecordingListener()
    (picture,) = engine.generate(1, (tiny_recipe(),), listener, CancelToken())
    return picture, listener


def _full_at(monkeypatch: pytest.MonkeyPatch, owner: object, name: str, *, times: int, after: int = 0) -> list[int]:
    """Let memory be full when `name` is called, so many `times`, once it was called `after` times."""
    calls: list[int] = []
    whole = getattr(owner, name)

    def call(*args: object, **named: object) -> object:
        calls.append(len(calls))
        if after <= calls[-1] < after + times:
            raise torch.OutOfMemoryError("injected")
        return whole(*args, **named)

    monkeypatch.setattr(owner, name, call)
    return calls


@pytest.mark.parametrize(
    ("owner", "name", "after", "phase"),
    [
        (pack_loader, "load_transformer", 0, Phase.LOAD),
        (TextEncoder, "load", 0, Phase.ENCODE),
        (GemmaEncoder, "states", 0, Phase.ENCODE),
        (SanaBlock, "forward", 0, Phase.SAMPLE),
        (SanaBlock, "forward", 5, Phase.SAMPLE),
        (pack_loader, "load_autoencoder", 0, Phase.DECODE),
        (DCAutoencoder, "decode", 0, Phase.DECODE),
    ],
)
def test_full_memory_in_any_phase_is_told_and_the_picture_is_the_same(
    engine: Engine,
    pack: Path,
    tmp_path: Path,
    repository: Path,
    monkeypatch: pytest.MonkeyPatch,
    owner: object,
    name: str,
    after: int,
    phase: Phase,
):
    _full_at(monkeypatch, owner, name, times=1, after=after)
    picture, listener = _draw(engine)
    (short,) = listener.of(MemoryShort)
    assert short == MemoryShort(1, phase, PLANS[1].words)
    assert any(PLANS[1].words in notice for notice in picture.notices)
    monkeypatch.undo()
    untroubled, _ = _draw(tiny_engine(pack, tmp_path / "other", repository / "resources"))
    assert picture.rgb == untroubled.rgb


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> FakeRecorder:
    """What records the steps of the packs that are loaded from now on."""
    recorder = FakeRecorder()
    monkeypatch.setattr(pack_loader, "step_graphs", lambda *_: StepGraphs(recorder))
    return recorder


def test_recorded_steps_go_before_anything_else_has_to(
    engine: Engine, recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch
):
    _full_at(monkeypatch, DCAutoencoder, "decode", times=1)
    picture, listener = _draw(engine)
    assert listener.of(MemoryShort) == []
    assert picture.memory.plan == PLANS[0]
    assert recorder.told.count("record") == 1
    assert recorder.told[-1] == "release"
    engine.forget((tiny_recipe(),))
    again, _ = _draw(engine)
    assert again.provenance.kernels.endswith("no CUDA graphs: memory was full")
    assert again.rgb == picture.rgb


def test_a_decode_that_does_not_fit_beside_recorded_steps_gets_their_memory(
    engine: Engine, recorder: FakeRecorder, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(LoadedPack, "free_bytes", lambda self: 0 if self.graphs.held_bytes else 10**12)
    picture, listener = _draw(engine)
    assert picture.memory.plan == PLANS[0]
    assert recorder.told[-1] == "release"
    assert listener.of(Notice) == []


def test_nothing_is_recorded_where_networks_come_and_go(
    pack: Path, tmp_path: Path, repository: Path, recorder: FakeRecorder
):
    manifest, resources = read_pack(pack), repository / "resources"
    engine = Engine(lambda _: manifest, tmp_path / "cache", tmp_path / "journal", resources, plan_wish=lambda: PLANS[1])
    picture, _ = _draw(engine)
    assert "record" not in recorder.told
    assert "graphs" not in picture.provenance.kernels


def test_steps_that_were_done_are_not_done_again(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    # Two blocks for each of two passes or one; the third of three steps fails.
    plain, _ = _draw(engine)
    engine.forget((tiny_recipe(),))
    calls = _full_at(monkeypatch, SanaBlock, "forward", times=0)
    _draw(engine)
    blocks = len(calls)
    monkeypatch.undo()
    engine.forget((tiny_recipe(),))
    calls = _full_at(monkeypatch, SanaBlock, "forward", times=1, after=blocks - 1)
    picture, listener = _draw(engine)
    assert len(calls) == blocks + blocks // 3
    assert sum(event == PhaseStarted(1, Phase.SAMPLE) for event in listener.events) == 2
    assert picture.rgb == plain.rgb


def test_a_decode_that_never_fits_in_one_piece_is_done_in_tiles_and_the_next_begins_there(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    _full_at(monkeypatch, DCAutoencoder, "decode", times=99)
    picture, listener = _draw(engine)
    assert [event.plan for event in listener.of(MemoryShort)] == [PLANS[1].words, PLANS[2].words]
    engine.forget((tiny_recipe(),))
    again, listener = _draw(engine)
    assert listener.of(MemoryShort) == []
    assert again.rgb == picture.rgb


def test_where_nothing_helps_the_latents_are_kept_and_the_next_try_needs_the_decode_only(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    _full_at(monkeypatch, pipeline, "decode_latents", times=99)
    listener = RecordingListener()
    with pytest.raises(MachineError, match="too little memory"):
        engine.generate(1, (tiny_recipe(),), listener, CancelToken())
    assert [event.plan for event in listener.of(MemoryShort)] == [plan.words for plan in PLANS[1:-1]]
    monkeypatch.undo()
    _, listener = _draw(engine)
    assert [event.phase for event in listener.of(PhaseStarted)] == [Phase.DECODE]


def test_another_error_is_not_taken_for_full_memory(engine: Engine, monkeypatch: pytest.MonkeyPatch):
    def broken(*args: object, **named: object) -> None:
        raise RuntimeError("shapes do not match")

    monkeypatch.setattr(DCAutoencoder, "decode", broken)
    listener = RecordingListener()
    with pytest.raises(RuntimeError, match="shapes do not match"):
        engine.generate(1, (tiny_recipe(),), listener, CancelToken())
    assert listener.of(MemoryShort) == []
