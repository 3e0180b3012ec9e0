from sana_desktop.services.speeds import MOST_VALUES, MOST_WORKS, Speeds, Work

WORK = Work("starter", "auto", 64, 1, 2)


def test_what_a_step_costs_counts_pictures_and_passes_and_a_decode_only_pictures():
    work = Work("starter", "auto", positions=64, batch=3, passes=2)

    assert work.per_step == 64 * 3 * 2
    assert work.pixels == 64 * 3


def test_the_middle_of_the_latest_measurements_counts():
    speeds = Speeds()
    speeds.note(WORK, 100.0, 100.0, cold=False)
    for number in range(MOST_VALUES):
        speeds.note(WORK, float(number), 2.0 * number, cold=False)

    assert speeds.medians(WORK) == (4.0, 8.0)


def test_a_first_picture_counts_only_until_there_is_a_second():
    speeds = Speeds()
    speeds.note(WORK, 9.0, 9.0, cold=True)
    assert speeds.medians(WORK) == (9.0, 9.0)

    speeds.note(WORK, 1.0, 2.0, cold=False)
    speeds.note(WORK, 9.0, 9.0, cold=True)

    assert speeds.medians(WORK) == (1.0, 2.0)


def test_another_device_is_another_machine():
    speeds = Speeds()
    speeds.drawn_on("cpu")
    speeds.note(WORK, 1.0, 1.0, cold=False)
    speeds.note_load(WORK, 3.0)
    speeds.note_encode(WORK, 3.0)
    speeds.drawn_on("cpu")
    assert speeds.works() == [WORK]

    speeds.drawn_on("cuda")

    assert (speeds.works(), speeds.loads(WORK), speeds.encodes(WORK)) == ([], [], [])


def test_what_was_used_longest_ago_is_forgotten_first():
    speeds = Speeds()
    works = [Work("starter", "auto", number, 1, 2) for number in range(1, MOST_WORKS + 2)]
    for work in works[:-1]:
        speeds.note(work, 1.0, 1.0, cold=False)
    speeds.note(works[0], 1.0, 1.0, cold=True)
    speeds.note(works[0], 1.0, 1.0, cold=False)

    speeds.note(works[-1], 1.0, 1.0, cold=False)

    assert works[0] in speeds.works()
    assert works[1] not in speeds.works()
    assert len(speeds.works()) == MOST_WORKS
