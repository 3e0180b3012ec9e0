"""Recording steps on NVIDIA GPUs, with torch's CUDA graphs."""

import os
import weakref
from collections import deque
from collections.abc import Callable
from contextlib import suppress

import torch
from torch import Tensor

from sana_desktop.domain.choices import Precision
from sana_desktop.engine.gc_pause import gc_paused
from sana_desktop.engine.graphs import WISH, StepGraphs

# Replays that may be under way: one runs while the next is prepared. More would leave progress and cancel behind.
UNDER_WAY = 2


def step_graphs(device: torch.device, stored: Precision | None = None) -> StepGraphs:
    """The recordings for a network on `device` whose weights are `stored` in few bits; none on processors.

    `SANA_GRAPHS=off` has every step computed plainly.
    """
    if device.type != "cuda":
        return StepGraphs(None)
    if os.environ.get(WISH, "auto") == "off":
        return StepGraphs(None, f"{WISH} asks for none")
    if stored is Precision.INT8:
        # How many columns are multiplied in 16 bit is read back from the GPU in every layer.
        return StepGraphs(None, "int8 looks at its inputs before it decides what to compute")
    return StepGraphs(CudaRecorder(device))


class CudaRecording:
    """One CUDA graph."""

    def __init__(self, graph: torch.cuda.CUDAGraph, output: Tensor, under_way: deque[torch.cuda.Event]) -> None:
        self.output = output
        self._graph = graph
        self._under_way = under_way

    def replay(self) -> None:
        """Queue the graph; waits while two others are under way."""
        if len(self._under_way) >= UNDER_WAY:
            self._under_way.popleft().synchronize()
        self._graph.replay()
        event = torch.cuda.Event(blocking=True)
        event.record()
        self._under_way.append(event)


class CudaRecorder:
    """Records on a stream of its own. All recordings work in the same memory: they never run at the same time."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = torch.cuda.Stream(device)
        self._pool = torch.cuda.graph_pool_handle()
        # Torch forgets a pool with the last of its graphs.
        self._living: weakref.WeakSet[CudaRecording] = weakref.WeakSet()
        self._held = 0
        self._under_way: deque[torch.cuda.Event] = deque()

    def rehearse(self, run: Callable[[], Tensor]) -> Tensor:
        """Run on the stream that records, so that libraries have their workspaces for it outside of the recording."""
        here = torch.cuda.current_stream(self._device)
        self._stream.wait_stream(here)
        with torch.cuda.stream(self._stream):
            answer = run()
        here.wait_stream(self._stream)
        answer.record_stream(here)
        return answer

    def needed(self) -> int:
        """The peak since the phase began, over what stays."""
        return torch.cuda.max_memory_allocated(self._device) - torch.cuda.memory_allocated(self._device)

    def room(self) -> int:
        """Free on the card, or held by torch without use."""
        held = torch.cuda.memory_reserved(self._device) - torch.cuda.memory_allocated(self._device)
        return torch.cuda.mem_get_info(self._device)[0] + held - self._held

    def held(self) -> int:
        """What the recordings' memory takes, which torch counts as held without use."""
        return self._held

    def record(self, run: Callable[[], Tensor]) -> CudaRecording:
        """Raises what `run` raises while it is recorded; the GPU is then as it was."""
        if not self._living:
            self._pool, self._held = torch.cuda.graph_pool_handle(), 0
        if torch.cuda.mem_get_info(self._device)[0] < 2 * self.needed():
            torch.cuda.empty_cache()
        before = torch.cuda.memory_reserved(self._device)
        graph = torch.cuda.CUDAGraph()
        self._stream.wait_stream(torch.cuda.current_stream(self._device))
        # Something that dies now would be freed on the GPU in the middle of the recording.
        with gc_paused(), torch.cuda.stream(self._stream):
            graph.capture_begin(self._pool, capture_error_mode="thread_local")
            try:
                output = run()
            except BaseException:
                with suppress(RuntimeError):
                    graph.capture_end()
                raise
            graph.capture_end()
        torch.cuda.current_stream(self._device).wait_stream(self._stream)
        self._held += torch.cuda.memory_reserved(self._device) - before
        recording = CudaRecording(graph, output, self._under_way)
        self._living.add(recording)
        return recording

    def release(self) -> None:
        """The memory of graphs that nobody holds any more goes back to the card."""
        self._under_way.clear()
        torch.cuda.synchronize(self._device)
        self._held = 0
        torch.cuda.empty_cache()
