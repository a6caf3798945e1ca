"""A client that is a program: how it is started, what is read of it, and that nothing of it is left."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Literal, TypeVar

import pytest

from harness.model.exchange import OutputLine
from harness.run.client import NotStartedError
from harness.run.command import CommandClient
from harness.run.output import LONGEST, MOST_LINES
from harness.wire.serve import quick_loop

SECRET = "hunter2-hunter2"
STUBBORN = "trap '' TERM; echo up; while :; do sleep 0.05; done"


def read(stream: Literal["stdout", "stderr"], text: str) -> OutputLine:
    return OutputLine(stream, text.replace(SECRET, "<1>"), ("client secret",) if SECRET in text else ())


T = TypeVar("T")
Make = Callable[..., CommandClient]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Make]:
    """Makes a client of a shell script, or of a command."""
    made: list[CommandClient] = []

    def make(script: str = "", *, command: tuple[str, ...] = (), keep: bool = False) -> CommandClient:
        words = command or ("/bin/sh", "-c", script)
        made.append(CommandClient(words, keep=keep, environment=os.environ, directory=tmp_path, read=read))
        return made[-1]

    yield make
    for one in made:
        one.close()


def run(work: Awaitable[T]) -> T:
    async def bounded() -> T:
        return await asyncio.wait_for(work, 20)

    with asyncio.Runner(loop_factory=quick_loop) as runner:
        return runner.run(bounded())


async def _whole(client: CommandClient, situation: str = "s1", again: bool = False) -> list[str]:
    await client.start(situation, {"NDW_PUSH_URL": "http://127.0.0.1:1"}, again=again)
    await client.over()
    return [one.text for one in client.written()]


def test_it_runs_with_the_callers_variables_ours_and_a_folder_of_its_own(shell: Make, tmp_path: Path) -> None:
    script = 'pwd; echo "$HOME $NDW_PUSH_URL $HARNESS_SITUATION"; ls "$HARNESS_STATE_DIR"; touch "$HARNESS_STATE_DIR/x"'
    client = shell(f"{script}; cat; echo $HARNESS_STATE_DIR")  # cat: there is nothing to read, and no terminal

    async def told() -> list[list[str]]:
        return [await _whole(client, "s1"), await _whole(client, "s1", again=True), await _whole(client, "s2")]

    first, again, second = run(told())
    assert first[:2] == [str(tmp_path), f"{os.environ['HOME']} http://127.0.0.1:1 s1"]
    assert again[2:] == ["x", first[-1]], "what it had kept is there when it is started again in the same situation"
    assert second[-1] != first[-1]
    assert "x" not in second, "and is not in the next"
    client.close()
    assert not any(Path(one).exists() for one in (first[-1], second[-1]))


def test_what_it_writes_is_read_from_both_streams_without_secrets(shell: Make) -> None:
    client = shell(f"echo the secret is {SECRET}; printf 'caf\\351\\r\\n' >&2; printf unfinished >&2; exit 3")

    async def told() -> list[OutputLine]:
        await client.start("s1", {})
        await client.over()
        return client.written()

    lines = run(told())
    assert [one for one in lines if one.stream == "stdout"] == [
        OutputLine("stdout", "the secret is <1>", ("client secret",))
    ]
    assert [one.text for one in lines if one.stream == "stderr"] == ["caf\ufffd", "unfinished"]
    assert client.exit_code == 3
    assert "the secret is <1>" in client.last_lines()
    assert client.written() == [], "each line is given once"


def test_a_flood_neither_blocks_it_nor_fills_the_memory(shell: Make) -> None:
    long = f"printf 'x%.0s' $(seq {LONGEST}); echo {SECRET} and more"
    client = shell(f"{long}; yes a line like any other | head -c 5000000; echo the end")

    async def told() -> list[OutputLine]:
        await client.start("s1", {})
        await client.over()
        return client.written()

    first, *_others, left_out = run(told())
    assert len(first.text) == LONGEST + 1
    assert first.leaks == ("client secret",), "a line is searched before it is cut"
    assert len(_others) == MOST_LINES - 1
    assert left_out.text.startswith("(the harness left out 2")
    assert client.last_lines()[-1].endswith("the end")
    assert len(client.last_lines()) == 20


def _is_alive(number: int) -> bool:
    """A process runs; one that waits for its parent to notice its end does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_its_children_end_with_it(shell: Make) -> None:
    client = shell("sleep 30 & echo $!; wait")

    async def number() -> int:
        await client.start("s1", {})
        while not (lines := client.written()):
            await asyncio.sleep(0)
        assert _is_alive(int(lines[0].text))
        await client.stop()
        return int(lines[0].text)

    assert not _is_alive(run(number()))
    assert client.exit_code is None, "it did not end by itself"


def test_children_that_outlive_it_end_with_the_situation(shell: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.run.command._LAST_WORDS_S", 0.05)
    client = shell("sleep 30 & echo $!; exit 1")

    async def number() -> int:
        lines = await _whole(client)
        while not lines:  # it may be slow to write, and its child holds the output open
            await asyncio.sleep(0)
            lines = [one.text for one in client.written()]
        (line,) = lines
        assert _is_alive(int(line))
        monkeypatch.undo()
        await client.stop()
        return int(line)

    assert not _is_alive(run(number()))
    assert client.exit_code == 1


def test_one_that_is_deaf_to_the_kind_word_is_ended_by_force(shell: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harness.run.command.GRACE_S", 0.1)
    client = shell(STUBBORN)

    async def ended() -> None:
        await client.start("s1", {})
        while not client.written():
            await asyncio.sleep(0)
        await client.stop()

    run(ended())
    assert client.exit_code is None


def test_killed_it_is_started_again_and_what_it_wrote_is_kept(shell: Make) -> None:
    kept = '"$HARNESS_STATE_DIR/x"'
    client = shell(f"test -e {kept} && echo again && exit; touch {kept}; echo up; sleep 30")

    async def lines() -> list[str]:
        await client.start("s1", {})
        while not (before := client.written()):
            await asyncio.sleep(0)
        assert await client.kill()
        assert client.exit_code is None
        await client.start("s1", {}, again=True)
        await client.over()
        return [one.text for one in (*before, *client.written())]

    assert run(lines()) == ["up", "again"]
    assert client.exit_code == 0


def test_a_kept_one_is_started_once(shell: Make) -> None:
    client = shell("echo $$; sleep 30", keep=True)

    async def lines() -> list[str]:
        await client.start("s1", {})
        while not (before := client.written()):
            await asyncio.sleep(0)
        await client.start("s2", {})
        await client.stop()
        return [one.text for one in (*before, *client.written())]

    assert not client.is_anew
    assert len(run(lines())) == 1


def test_nothing_runs_on_after_it_was_closed(shell: Make) -> None:
    client = shell("echo $$; sleep 30")

    async def number() -> int:
        await client.start("s1", {})
        while not (lines := client.written()):
            await asyncio.sleep(0)
        client.close()
        await client.over()
        return int(lines[0].text)

    assert not _is_alive(run(number()))


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("no-such-pusher", "was not found in the folders of PATH; give its path"),
        ("beside", r"was not found in the folders of PATH; write \./beside for the one in"),
        ("./no-such-pusher", "was not found, seen from .*; check its path"),
        ("./folder", "is a folder; give the program in it"),
        ("./beside", r"may not be executed; make it a program: chmod \+x"),
        ("./no-interpreter", "names in its first line .* a program that is not there"),
        ("./no-first-line", "is no program; begin a script with a line such as"),
        ("java -jar pusher.jar", "write its parts one by one"),
        ("", "is empty; name a program"),
        ("a\0b", "cannot be started: .*null byte"),
    ],
)
def test_one_that_cannot_be_started_says_why_and_what_to_do(shell: Make, tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "folder").mkdir()
    for script, text, mode in (
        ("beside", "", 0o644), ("no-interpreter", "#!/no/such/thing\n", 0o755), ("no-first-line", "echo\n", 0o755)
    ):  # fmt: skip
        (tmp_path / script).write_text(text)
        (tmp_path / script).chmod(mode)
    client = shell(command=(name, SECRET))
    with pytest.raises(NotStartedError, match=says) as raised:
        run(client.start("s1", {}))
    assert SECRET not in str(raised.value)
    assert client.exit_code is None
    assert client.written() == []
    assert client.last_lines() == []
