"""Write `codemods/drivers/redis_commands.json`: where Redis's commands and redis-py's methods take keys.

Nothing of it is a list made by hand. A server says which arguments of a command are keys (COMMAND, COMMAND DOCS,
COMMAND GETKEYS; Redis 7 or newer), and each method of redis-py is called once, on a client that writes down what it
would send, with arguments that can be told apart. For commands that the server does not know the types of redis-py's
own signatures decide.

    uv run python tools/redis_commands.py unix:///path/of/a/redis.sock
"""

from __future__ import annotations

import inspect
import json
import sys
import warnings
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path
from typing import Any

import redis
from redis.client import Pipeline, PubSub

TARGET = Path(__file__).parent.parent / "codemods" / "drivers" / "redis_commands.json"
KEY_TYPES = ("KeyT", "KeysT")
Spec = list[Any]


class Recorder(redis.Redis):
    """A client that sends nothing; `sent` holds what it would have sent."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[tuple[Any, ...]] = []

    def execute_command(self, *args: Any, **options: Any) -> Any:
        self.sent.append(args)

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Any:
        return RecordingPipeline(self)

    def pubsub(self, **options: Any) -> Any:
        return RecordingPubSub(self)


class RecordingPipeline(Pipeline):
    def __init__(self, owner: Recorder) -> None:
        super().__init__(owner.connection_pool, owner.response_callbacks, True, None)
        self.owner = owner

    def execute_command(self, *args: Any, **options: Any) -> Any:
        self.owner.sent.append(args)

    def execute(self, raise_on_error: bool = True) -> list[Any]:
        return []


class RecordingPubSub(PubSub):
    def __init__(self, owner: Recorder) -> None:
        super().__init__(owner.connection_pool)
        self.owner = owner

    def execute_command(self, *args: Any) -> Any:
        self.owner.sent.append(args)


def main(url: str) -> None:
    warnings.simplefilter("ignore")
    server = redis.Redis.from_url(url, decode_responses=True)
    server.response_callbacks.clear()
    commands = dict(sorted(read_commands(server)))
    methods = dict(sorted(read_methods(server, commands)))
    source = f"Redis {server.execute_command('HELLO')['version']}, redis-py {redis.__version__}"
    lines = [f'  "source": {json.dumps(source)}']
    for name, table in (("commands", commands), ("methods", methods)):
        rows = ",\n".join(f"    {json.dumps(key)}: {json.dumps(value)}" for key, value in table.items())
        lines.append(f'  "{name}": {{\n{rows}\n  }}')
    TARGET.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")


def read_commands(server: redis.Redis) -> Iterator[tuple[str, list[Spec]]]:
    """Each command (or `command subcommand`) with its specs: `[role, begin, from, find, ...]` as Redis has them."""
    documents = server.execute_command("COMMAND", "DOCS")
    for command in server.execute_command("COMMAND"):
        for each in (command, *command[9]):
            specs = [spec for row in each[8] if (spec := key_spec(row))]
            specs += text_specs(documents.get(each[0], {}))
            if specs:
                yield each[0].replace("|", " "), specs


def key_spec(spec: dict[str, Any]) -> Spec | None:
    begin, find = spec["begin_search"], spec["find_keys"]
    if "unknown" in (begin["type"], find["type"]):
        return None
    inner, found = begin["spec"], find["spec"]
    place = [inner["index"], 0] if begin["type"] == "index" else [inner["keyword"], inner["startfrom"]]
    if find["type"] == "range":
        return ["key", *place, "range", found["lastkey"], found["keystep"], found["limit"]]
    return ["key", *place, "keynum", found["keynumidx"], found["firstkey"], found["keystep"]]


def text_specs(document: dict[str, Any]) -> list[Spec]:
    """What Redis says in its documentation only: patterns, channels and the key after STORE."""
    group, found = document.get("group"), []
    for number, written in enumerate(document.get("arguments", []), 1):
        is_block = written["type"] == "block" and len(written["arguments"]) == 1
        argument = {**written["arguments"][0], "flags": written.get("flags", [])} if is_block else written
        named = argument["name"] in ("channel", "shardchannel")
        is_text = (argument["type"] == "pattern" and group in ("generic", "pubsub")) or (group == "pubsub" and named)
        if is_text or (argument["type"] == "key" and "token" in argument and group == "generic"):
            role = "key" if argument["type"] == "key" else "channel" if group == "pubsub" else "pattern"
            place = [argument["token"], 1] if "token" in argument else [number, 0]
            last = -1 if "multiple" in argument.get("flags", []) and "token" not in argument else 0
            found.append([role, *place, "range", last, 1, 0])
    return found


def read_methods(server: redis.Redis, commands: dict[str, list[Spec]]) -> Iterator[tuple[str, dict[str, list[str]]]]:
    """Each method with the parameters that take keys: role → `position name`, `position *name` when variadic."""
    for name in dir(Recorder):
        if not name.startswith("_"):
            yield from read_method(server, commands, Recorder, name)
    for name in ("subscribe", "psubscribe", "ssubscribe", "unsubscribe", "punsubscribe", "sunsubscribe"):
        yield from read_method(server, commands, PubSub, name)
    yield from read_method(server, commands, Pipeline, "watch")


def read_method(
    server: redis.Redis, commands: dict[str, list[Spec]], owner: type, name: str
) -> Iterator[tuple[str, dict[str, list[str]]]]:
    member = getattr(owner, name)
    if not callable(member) or name in (
        "execute_command",
        "from_url",
        "from_pool",
        "parse_response",
        "immediate_execute_command",
    ):
        return
    parameters = list(inspect.signature(member).parameters.values())[1:]
    required = [each for each in parameters if each.default is each.empty and each.kind is not each.VAR_KEYWORD]
    roles: dict[str, str] = {}
    given = first_accepted(server, owner, name, required)
    if given is None:
        for each in parameters:
            if (each.name == "keys" and "ist[" in str(each.annotation)) or any(
                kind in str(each.annotation) for kind in KEY_TYPES
            ):
                roles[each.name] = "key"
    else:
        roles = roles_of(server, commands, owner, name, required, given)
        for extra in parameters:
            if extra in required or extra.kind is extra.VAR_KEYWORD or is_number(extra):
                continue
            for value in samples(extra):
                optional = roles_of(server, commands, owner, name, [*required, extra], (*given, value))
                if extra.name in optional:
                    roles[extra.name] = optional[extra.name]
                    break
    found: dict[str, list[str]] = {}
    for number, each in enumerate(parameters):
        if each.name in roles:
            star = "*" if each.kind is each.VAR_POSITIONAL else ""
            found.setdefault(roles[each.name], []).append(f"{number} {star}{each.name}")
    if found:
        yield name, found


def mark(parameter: inspect.Parameter, number: int = 1) -> str:
    return f"<{parameter.name}{number}>"


def is_number(parameter: inspect.Parameter) -> bool:
    words = str(parameter.annotation)
    return ("int" in words or "bool" in words) and not any(kind in words for kind in ("str", "KeyT", "Encodable"))


def samples(parameter: inspect.Parameter) -> list[Any]:
    """Values to try, the likelier form first."""
    one, two = mark(parameter), mark(parameter, 2)
    if parameter.kind is parameter.VAR_POSITIONAL:
        return [(one, two)]
    return [1, one] if is_number(parameter) else [[one, two], {one: "1"}, one, 1]


def first_accepted(
    server: redis.Redis, owner: type, name: str, required: list[inspect.Parameter]
) -> tuple[Any, ...] | None:
    """The first arguments with which the method sends a command that the server can find keys in."""
    for values in product(*map(samples, required)):
        sent = send(owner, name, required, values)
        marks = {mark(each) for each, value in zip(required, values, strict=True) if value != 1}
        if marks <= set(sent) and sent and keys_of(server, sent) is not None:
            return values
    return None


def send(owner: type, name: str, parameters: list[inspect.Parameter], values: tuple[Any, ...]) -> list[str]:
    """The words of the first command that the method sends; none when it does not take these arguments."""
    recorder = Recorder()
    target = {PubSub: recorder.pubsub, Pipeline: recorder.pipeline}.get(owner, lambda: recorder)()
    positional: list[Any] = []
    named: dict[str, Any] = {}
    for parameter, value in zip(parameters, values, strict=True):
        if parameter.kind is parameter.VAR_POSITIONAL:
            positional.extend(value)
        elif parameter.kind is parameter.KEYWORD_ONLY or parameter.default is not parameter.empty:
            named[parameter.name] = value
        else:
            positional.append(value)
    with suppress(Exception):
        result = getattr(target, name)(*positional, **named)
        if inspect.isgenerator(result):
            next(result)
        elif hasattr(result, "acquire"):
            result.acquire(blocking=False)
    words = recorder.sent[0] if recorder.sent else ()
    return [word.decode() if isinstance(word, bytes) else str(word) for word in words]


def keys_of(server: redis.Redis, sent: list[str]) -> list[str] | None:
    """The keys in a command; None when the server does not know the command or these arguments."""
    words = [*sent[0].split(), *sent[1:]]
    try:
        return list(server.execute_command("COMMAND", "GETKEYS", *words))
    except redis.ResponseError as error:
        return [] if "no key arguments" in str(error) else None


def roles_of(
    server: redis.Redis,
    commands: dict[str, list[Spec]],
    owner: type,
    name: str,
    parameters: list[inspect.Parameter],
    values: tuple[Any, ...],
) -> dict[str, str]:
    """The role of each parameter whose words stand where the command has a key, a pattern or a channel."""
    sent = send(owner, name, parameters, values)
    if not sent:
        return {}
    words = [*sent[0].split(), *sent[1:]]
    found = dict.fromkeys(keys_of(server, sent) or [], "key")
    for role, begin, _, _, last, _, _ in commands.get(words[0].lower(), []):
        if role == "key":
            continue
        if isinstance(begin, int):
            found.update((word, role) for word in (words[begin:] if last else words[begin : begin + 1]))
        else:
            found.update((words[at + 1], role) for at in range(len(words) - 1) if words[at].upper() == begin)
    roles: dict[str, str] = {}
    for parameter in parameters:
        role = found.get(mark(parameter))
        if role is not None:
            counted = role == "key" and parameter.kind is parameter.VAR_POSITIONAL and mark(parameter, 2) not in found
            roles[parameter.name] = "counted" if counted else role
    return roles


if __name__ == "__main__":
    main(sys.argv[1])
