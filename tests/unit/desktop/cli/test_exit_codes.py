from sana_desktop.cli.exit_codes import ExitCode


def test_the_codes_that_scripts_rely_on_stay_as_they_are():
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0,
        "DIFFERENT": 1,
        "BAD_INPUT": 2,
        "BUG": 70,
        "CANCELLED": 130,
        "PIPE_CLOSED": 141,
    }
