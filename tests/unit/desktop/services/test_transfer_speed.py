from sana_desktop.services.transfer_speed import TransferSpeed


def test_the_speed_is_that_of_the_last_seconds() -> None:
    now = [0.0]
    speed = TransferSpeed(lambda: now[0])
    assert speed.seconds_left(100) is None
    for second in range(30):
        now[0] = float(second)
        speed.saw(second * 10 if second < 15 else 150 + (second - 15) * 100)
    assert speed.bytes_per_second is not None
    assert 99 <= speed.bytes_per_second <= 100
    assert speed.seconds_left(150 + 1500) == 1.0


def test_a_moment_is_not_enough_to_tell() -> None:
    now = [0.0]
    speed = TransferSpeed(lambda: now[0])
    for tick in range(5):
        now[0] = tick / 100
        speed.saw(tick)
    assert speed.bytes_per_second is None


def test_beginning_anew_forgets_what_was() -> None:
    now = [0.0]
    speed = TransferSpeed(lambda: now[0])
    speed.saw(0)
    now[0] = 5.0
    speed.saw(1000)
    speed.saw(10)
    assert speed.bytes_per_second is None
