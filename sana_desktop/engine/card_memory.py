"""How much of a graphics card's memory this process may use: all of it, or the share that it was limited to."""

import torch


def card_total(device: torch.device) -> int:
    """Bytes of the card, or of the share that this process was given of them."""
    return share_of(torch.cuda.mem_get_info(device)[1], torch.cuda.get_per_process_memory_fraction(device))


def card_free(device: torch.device) -> int:
    """Bytes that tensors can still have: what torch holds without using it is as good as free."""
    free, total = torch.cuda.mem_get_info(device)
    return free_of(
        free=free,
        limit=share_of(total, torch.cuda.get_per_process_memory_fraction(device)),
        reserved=torch.cuda.memory_reserved(device),
        allocated=torch.cuda.memory_allocated(device),
    )


def share_of(total: int, fraction: float) -> int:
    """`fraction` of `total` bytes."""
    return total if fraction >= 1.0 else int(total * fraction)


def free_of(*, free: int, limit: int, reserved: int, allocated: int) -> int:
    """What is left: `free` is what nobody has of the card, `limit` what this process may have in all."""
    return min(free, max(0, limit - reserved)) + reserved - allocated
