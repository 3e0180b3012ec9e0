from sana_desktop.domain.memory_plan import CHOICES, PLANS, MemoryPlan


def test_every_plan_says_something_else() -> None:
    plans = [*PLANS, MemoryPlan(False, 8, text_on_cpu=True)]
    assert len({plan.words for plan in plans}) == len(plans)


def test_a_plan_is_told_in_words() -> None:
    assert PLANS[0].words == "all networks stay in memory"
    assert PLANS[3].words == "one network at a time, decoded in tiles of 256 px"
    assert PLANS[-1].words == "one network at a time, decoded on the processor"


def test_whoever_chooses_a_plan_chooses_one_that_any_machine_can_follow() -> None:
    assert not any(plan.decode_on_cpu or plan.text_on_cpu for plan in CHOICES.values())
    assert set(CHOICES.values()) <= set(PLANS)


def test_the_tiling_is_told_for_the_record():
    assert [plan.tiling for plan in PLANS[1:4:2]] == ["whole", "tiles of 256 px"]
    assert PLANS[-1].tiling == "tiles of 512 px, on the processor"
