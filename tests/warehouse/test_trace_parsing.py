"""Reading trace files: both layouts, every fault with its line. No database."""

from datetime import datetime
from pathlib import Path

import pytest

from warehouse.errors import WarehouseError
from warehouse.sample.traces import AZURE, AZURE_MODEL, BURSTGPT, open_trace

AZURE_HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens"
BURST_HEADER = "Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type"
NEW_BURST_HEADER = (
    "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type"
)


@pytest.fixture
def trace_file(tmp_path: Path):
    def write(*lines, ending="\n", name="trace.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes((ending.join(lines)).encode(encoding))
        return path

    return write


def read(path, *start):
    return list(open_trace(path, *start).requests(lambda bytes_read: None))


def instant(text):
    return datetime.fromisoformat(text)


def test_azure_layout(trace_file):
    path = trace_file(AZURE_HEADER, "2023-11-16 18:17:03.9799600,4808,10", ending="\r\n")
    trace = open_trace(path)
    assert trace.layout is AZURE
    assert trace.name == "trace"
    (request,) = read(path)
    assert request.requested_at == instant("2023-11-16 18:17:03.979960")
    assert (request.input_tokens, request.output_tokens, request.total_tokens) == (4808, 10, 4818)
    assert request.model == AZURE_MODEL
    assert request.session_id is None
    assert request.line_number == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # The seventh digit is cut: rounding would move the request into the next month.
        ("2023-11-30 23:59:59.9999999", "2023-11-30 23:59:59.999999"),
        ("2023-11-30 23:59:59.1234565", "2023-11-30 23:59:59.123456"),
        ("2023-11-30 23:59:59", "2023-11-30 23:59:59"),
        ("2023-11-30T23:59:59.5Z", "2023-11-30 23:59:59.500000"),
        # The trace of 2024 writes an offset.
        ("2024-05-10 00:00:00.009930+00:00", "2024-05-10 00:00:00.009930"),
        ("2024-05-10 00:00:00+02:00", "2024-05-09 22:00:00"),
    ],
)
def test_azure_instants_are_cut_to_microseconds_in_utc(trace_file, text, expected):
    (request,) = read(trace_file(AZURE_HEADER, f"{text},1,2"))
    assert request.requested_at == instant(expected)


def test_burstgpt_layout_without_session_columns(trace_file):
    path = trace_file(
        BURST_HEADER,
        "5,ChatGPT,472,18,490,Conversation log",
        "86400.1234567,GPT-4,417,0,417,API log",
    )
    assert open_trace(path).layout is BURSTGPT
    first, second = read(path)
    assert first.requested_at == instant("2024-01-01 00:00:05")
    assert (first.model, first.input_tokens, first.output_tokens) == ("ChatGPT", 472, 18)
    assert second.requested_at == instant("2024-01-02 00:00:00.123456")
    assert (second.model, second.output_tokens, second.total_tokens) == ("GPT-4", 0, 417)
    assert first.session_id is None


def test_burstgpt_layout_with_session_columns_and_start(trace_file):
    path = trace_file(
        NEW_BURST_HEADER,
        "0,17,1.25,ChatGPT,1,2,3,Conversation log",
        "1,,,GPT-4,4,5,9,API log",
    )
    first, second = read(path, instant("2023-05-31 00:00:00"))
    assert first.requested_at == instant("2023-05-31 00:00:00")
    assert first.session_id == "17"
    assert second.session_id is None


def test_columns_may_come_in_any_order_with_spaces_and_byte_order_mark(trace_file):
    path = trace_file(
        "GeneratedTokens, TIMESTAMP ,ContextTokens",
        "7,2023-11-16 18:17:03,5",
        encoding="utf-8-sig",
    )
    (request,) = read(path)
    assert (request.input_tokens, request.output_tokens) == (5, 7)


def test_blank_lines_hold_no_request(trace_file):
    path = trace_file(AZURE_HEADER, "", "2023-11-16 18:17:03,1,2", "", "")
    assert [request.line_number for request in read(path)] == [3]


def test_progress_ends_at_the_size_of_the_file(trace_file):
    rows = [f"2023-11-16 18:17:03,{n},2" for n in range(25_000)]
    trace = open_trace(trace_file(AZURE_HEADER, *rows))
    seen: list[int] = []
    assert len(list(trace.requests(seen.append))) == 25_000
    assert len(seen) == 3
    assert seen == sorted(seen)
    assert seen[-1] == trace.size == trace.path.stat().st_size


@pytest.mark.parametrize(
    ("header", "row", "reason"),
    [
        (AZURE_HEADER, "yesterday,1,2", "TIMESTAMP 'yesterday' is not an instant"),
        (AZURE_HEADER, "2023-02-29 00:00:00,1,2", "TIMESTAMP '2023-02-29 00:00:00' is not"),
        (AZURE_HEADER, "2023-11-16,1,2", "TIMESTAMP '2023-11-16' is not an instant"),
        (AZURE_HEADER, "2023-11-16 18:17:03,,2", "ContextTokens '' is not a number of tokens"),
        (AZURE_HEADER, "2023-11-16 18:17:03,1,-2", "GeneratedTokens '-2' is not"),
        (AZURE_HEADER, "2023-11-16 18:17:03,1.5,2", "ContextTokens '1.5' is not"),
        (AZURE_HEADER, "2023-11-16 18:17:03,٣,2", "ContextTokens '٣' is not"),
        (AZURE_HEADER, f"2023-11-16 18:17:03,{'9' * 16},2", "ContextTokens '9999999999999999'"),
        (AZURE_HEADER, "2023-11-16 18:17:03,1", "2 values for 3 columns"),
        (AZURE_HEADER, "2023-11-16 18:17:03,1,2,3", "4 values for 3 columns"),
        (AZURE_HEADER, '"2023-11-16 18:17:03,1,2', "unexpected end of data"),
        (BURST_HEADER, "-1,ChatGPT,1,2,3,API log", "Timestamp '-1' is not a number of seconds"),
        (BURST_HEADER, "1e5,ChatGPT,1,2,3,API log", "Timestamp '1e5' is not"),
        (BURST_HEADER, "nan,ChatGPT,1,2,3,API log", "Timestamp 'nan' is not"),
        (BURST_HEADER, ".5,ChatGPT,1,2,3,API log", "Timestamp '.5' is not"),
        (BURST_HEADER, "99999999999,ChatGPT,1,2,3,API log", "Timestamp '99999999999' is not"),
        (BURST_HEADER, "1,ChatGPT,1,2,,API log", "Total tokens '' is not"),
        (BURST_HEADER, "1,Chat\0GPT,1,2,3,API log", "a zero byte"),
        (NEW_BURST_HEADER, "1,5,soon,ChatGPT,1,2,3,API log", "Elapsed time 'soon' is not"),
    ],
)
def test_bad_row_is_named_with_line_and_reason(trace_file, header, row, reason):
    good = {
        AZURE_HEADER: "2023-11-16 18:17:03,1,2",
        BURST_HEADER: "1,ChatGPT,1,2,3,API log",
        NEW_BURST_HEADER: "1,1,1,ChatGPT,1,2,3,API log",
    }[header]
    with pytest.raises(WarehouseError) as refusal:
        read(trace_file(header, good, row))
    assert refusal.value.code == "BAD_TRACE_ROW"
    assert refusal.value.message.startswith(f"trace trace.csv, line 3: {reason}")
    assert "nothing was loaded" in refusal.value.message


def test_text_that_is_not_utf8_is_named(trace_file):
    good = ["1,ChatGPT,1,2,3,API log"] * 50_000
    path = trace_file(BURST_HEADER, *good, "1,modèle,1,2,3,API log", encoding="latin-1")
    with pytest.raises(WarehouseError, match=r"after line \d+: not UTF-8 text") as refusal:
        read(path)
    assert refusal.value.code == "BAD_TRACE_ROW"


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("a,b", "'a', 'b'"),
        ("", "(none)"),
        ("TIMESTAMP,ContextTokens", "'TIMESTAMP', 'ContextTokens'"),
        (f"{AZURE_HEADER},Extra", "'TIMESTAMP', 'ContextTokens', 'GeneratedTokens', 'Extra'"),
        (f"{AZURE_HEADER},TIMESTAMP", "'GeneratedTokens', 'TIMESTAMP'"),
        ("2023-11-16 18:17:03,1,2", "'2023-11-16 18:17:03', '1', '2'"),
    ],
)
def test_unknown_header_names_what_was_found_and_what_is_known(trace_file, header, columns):
    with pytest.raises(WarehouseError) as refusal:
        open_trace(trace_file(header, "1,2"))
    assert refusal.value.code == "UNKNOWN_TRACE_LAYOUT"
    assert columns in refusal.value.message
    assert AZURE_HEADER.replace(",", ", ") in refusal.value.message
    assert BURST_HEADER.replace(",", ", ") in refusal.value.message
    assert "Session ID, Elapsed time" in refusal.value.message


def test_file_that_is_not_text_is_one_clear_line(tmp_path: Path):
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(WarehouseError) as refusal:
        open_trace(path)
    assert refusal.value.code == "UNKNOWN_TRACE_LAYOUT"


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_unreadable_file_is_one_clear_line(tmp_path: Path, name):
    with pytest.raises(WarehouseError) as refusal:
        open_trace(tmp_path / name)
    assert refusal.value.code == "UNREADABLE_TRACE"
