"""`usage-warehouse prices refresh`: what it writes, and what it says of it."""

import csv
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from warehouse.cli import cli
from warehouse.errors import WarehouseError
from warehouse.prices.book import PriceRow
from warehouse.prices.cli import SEED_FOLDER
from warehouse.prices.listed import installed_version, read_price_list
from warehouse.prices.seeds import Change, list_seed, price_seed, write_seeds

SEEDS = (
    *("price_lists", "price_book", "price_book_names"),
    *("price_book_providers", "price_book_fallbacks"),
)


def refresh(folder: Path, *options: str) -> Result:
    return CliRunner().invoke(cli, ["prices", "refresh", "--into", str(folder), *options])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The committed seeds, to be changed."""
    for name in SEEDS:
        shutil.copy(SEED_FOLDER / f"{name}.csv", tmp_path)
    return tmp_path


@pytest.fixture
def of_installed_list() -> None:
    with (SEED_FOLDER / "price_lists.csv").open() as file:
        (listed,) = csv.DictReader(file)
    if listed["version"] != installed_version():
        pytest.skip(
            f"the seeds are of genai-prices {listed['version']}, installed is "
            f"{installed_version()}: run `usage-warehouse prices refresh`"
        )


@pytest.mark.usefixtures("of_installed_list")
class TestCommittedSeeds:
    def test_are_what_refresh_makes_of_the_installed_list(self):
        """Whoever edits one by hand loses it with the next refresh: overrides are for that."""
        for seed in read_price_list().seeds:
            assert (SEED_FOLDER / f"{seed.name}.csv").read_text() == seed.text(), seed.name

    def test_refresh_says_that_nothing_changed(self, folder: Path):
        before = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.iterdir()}
        result = refresh(folder)
        assert result.exit_code == 0, result.output
        assert result.output.startswith(f"genai-prices {installed_version()}\n")
        assert result.output.endswith("nothing changed\n")
        after = {file: (file.stat().st_mtime_ns, file.read_bytes()) for file in folder.iterdir()}
        assert after == before, "a file that is right is not written again"

    def test_refresh_counts_what_it_adds_changes_and_removes(self, folder: Path):
        book = folder / "price_book.csv"
        original = book.read_text()
        head, first, second, *others = original.splitlines()
        cells = first.split(",")
        cells[9] = "123456"
        stranger = second.replace(second.split(",")[1], "nobody-lists-this", 1)
        book.write_text("\n".join([head, ",".join(cells), stranger, *others]) + "\n")
        result = refresh(folder)
        assert "price_book.csv: 1 rows added, 1 changed, 1 removed\n" in result.output
        assert "nothing changed" not in result.output
        assert book.read_text() == original


def test_refresh_makes_all_seeds_where_there_are_none(tmp_path: Path):
    assert refresh(tmp_path).exit_code == 0
    assert {file.name for file in tmp_path.iterdir()} == {f"{name}.csv" for name in SEEDS}
    for file in tmp_path.iterdir():
        text = file.read_bytes()
        assert text.endswith(b"\n")
        assert b"\r" not in text
        assert file.stat().st_mode & 0o777 == 0o644


def test_refresh_names_what_the_book_has_no_place_for(tmp_path: Path):
    short, long = refresh(tmp_path).output, refresh(tmp_path, "--left-out").output
    assert "left out: 1 variants of route=mistral/eu, which is no processing\n" in short
    assert "no column: web_searches_kcount of " in short
    assert "rounded to 16 decimals: cache_write_mtok of " in short
    assert "openai whisper-1" not in short
    assert "\n    openai whisper-1\n" in long


def test_no_row_stands_twice_and_all_stand_in_order():
    for seed in read_price_list().seeds:
        keys = [tuple(row[seed.columns.index(name)] for name in seed.key) for row in seed.rows]
        assert len(set(keys)) == len(keys), seed.name
    rows = read_price_list().seeds[1].rows
    assert [row[:3] for row in rows] == sorted(row[:3] for row in rows)


def test_sizes_of_prompts_stand_in_the_order_of_numbers():
    def row(from_tokens: int, to_tokens: int | None) -> PriceRow:
        return PriceRow(
            "p", "m", "standard", None, None, from_tokens, to_tokens, 0, 86_400, (None,) * 10
        )

    seed = price_seed([row(100_001, None), row(32_001, 100_001), row(0, 32_001)])
    assert [cells[5] for cells in seed.rows] == ["0", "32001", "100001"]


class TestFaults:
    def test_a_folder_that_is_not_there_is_refused(self, tmp_path: Path):
        result = refresh(tmp_path / "nowhere")
        assert result.exit_code == 2
        assert "nowhere" in result.output

    def test_a_seed_that_cannot_be_read_is_left_as_it_is(self, tmp_path: Path):
        (tmp_path / "price_lists.csv").mkdir()
        result = refresh(tmp_path)
        assert result.exit_code == 1
        assert result.output.startswith("error [PRICE_SEED]: ")
        assert [file.name for file in tmp_path.iterdir()] == ["price_lists.csv"]

    def test_a_seed_that_cannot_be_written_leaves_nothing_beside_it(self, tmp_path: Path):
        with pytest.raises(WarehouseError) as refused:
            write_seeds(tmp_path / "nowhere", [list_seed("a-list", "1")])
        assert refused.value.code == "PRICE_SEED"
        assert not list(tmp_path.iterdir())


def test_a_change_is_told_by_key(tmp_path: Path):
    write_seeds(tmp_path, [list_seed("a-list", "1")])
    assert write_seeds(tmp_path, [list_seed("a-list", "2")]) == [Change("price_lists", 0, 1, 0)]
    assert not write_seeds(tmp_path, [list_seed("a-list", "2")])[0]
