"""What was collected is remembered."""

from pathlib import Path

from bundling.inventory import Collected, read_inventory, write_inventory


def test_tables_come_back_sorted_and_without_doubles(tmp_path: Path) -> None:
    files = [("b.so", "/x/b.so", "BINARY"), ("a.txt", "/x/a.txt", "DATA")]
    write_inventory(tmp_path / "build" / "inventory.json", [("json", "/py/json.py", "PYMODULE")], files, files)
    found = read_inventory(tmp_path / "build" / "inventory.json")
    assert found == (
        Collected("a.txt", "/x/a.txt", "DATA"),
        Collected("b.so", "/x/b.so", "BINARY"),
        Collected("json", "/py/json.py", "PYMODULE"),
    )
    assert [each.is_module for each in found] == [False, False, True]
