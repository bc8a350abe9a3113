"""Random manifests: whatever the language can say, said at random.

The choices depend on the seed alone, so that a manifest runs on symbolic and on plain values alike; the body of a loop
or lambda has a seed of its own, for it runs once, never or many times.
"""

from random import Random
from typing import Annotated, Any, Literal

from pydantic import Field
from random_values import NASTY

from podzol.template import (
    Values,
    all_of,
    any_of,
    bytes_of,
    contains,
    count,
    each,
    join,
    keep,
    lower,
    max_of,
    millicores_of,
    min_of,
    named,
    not_,
    or_else,
    pick,
    present,
    replace,
    rising,
    sha256_of,
    spread,
    times,
    to_str,
    trim_suffix,
    trunc,
    when,
)

Word = Annotated[str, Field(pattern="^[A-Za-z0-9-]*$", max_length=12)]
Small = Annotated[int, Field(ge=0, le=1000)]
Size = Annotated[str, Field(pattern="^[1-9][0-9]{0,9}(k|M|G|T|Ki|Mi|Gi|Ti)$")]
Cpu = Annotated[int, Field(ge=1, le=10_000)] | Annotated[str, Field(pattern="^([1-9][0-9]{0,6}m|0\\.[1-9][0-9]{0,2})$")]


class Item(Values):
    word: Word
    number: Small = 4
    note: str = "note"
    flag: bool = False
    maybe: Small | None = None
    texts: list[str] = []


class Section(Values):
    number: Annotated[int, Field(ge=-(10**7), le=10**7)] = 5
    text: str = ""
    flag: bool = True
    items: list[Item] = []


class FuzzValues(Values):
    number: Annotated[int, Field(ge=-(10**7), le=10**7)] = 7
    small: Small = 3
    big: Annotated[int, Field(ge=0, le=10**9)] = 10**6
    text: str = "text"
    word: Word = "word-"
    mode: Literal["fast", "on", ""] = "on"
    quantity: Annotated[str, Field(pattern="^[1-9][0-9]{0,5}(m|Mi)?$", max_length=8)] = "100m"
    size: Size = "16Gi"
    cpu: Cpu = 1
    sizes: list[Size] = ["1Gi", "2Gi"]
    fraction: float = 0.5
    flag: bool = True
    maybe_number: Small | None = None
    maybe_text: str | None = "given"
    maybe_word: Annotated[str, Field(pattern="^[a-z]+$", max_length=9)] | None = None
    section: Section = Section()
    maybe_section: Section | None = None
    texts: list[str] = []
    words: list[Word] = ["a", "b"]
    numbers: list[int] = []
    items: list[Item] = []
    labels: dict[str, str] = {}
    sections: dict[Word, Item] = {}
    tree: dict[str, Any] = {}
    trees: list[dict[str, Any]] = []
    port: int | Annotated[str, Field(pattern="^[a-z]{1,9}$")] = 80


class Author:
    """Writes one manifest. `scope` holds the items of the loops around."""

    def __init__(self, seed: int, v: Any, release: Any, scope: tuple[Any, ...] = ()) -> None:
        self.random, self.v, self.release, self.scope = Random(seed), v, release, scope

    def inside(self, *more: Any, seed: int) -> "Author":
        return Author(seed, self.v, self.release, (*self.scope, *more))

    def seed(self) -> int:
        return self.random.randrange(2**32)

    def one(self, *choices: Any) -> Any:
        """One of several things to say, said only when chosen."""
        return self.random.choice(choices)()

    # ------------------------------------------------------------ expressions

    def number(self, depth: int) -> Any:
        v, deeper = self.v, depth - 1
        if depth < 1:
            item = self.random.choice(self.scope) if self.scope else None
            values = [v.number, v.small, v.big, v.section.number, self.random.choice((0, 1, 7, 10**6, -3))]
            return self.random.choice([*values, *([] if item is None else [item.number] * 3)])
        return self.one(
            lambda: self.number(0),
            lambda: self.number(deeper) + self.number(deeper),
            lambda: self.number(deeper) - self.number(deeper),
            lambda: self.number(0) * self.random.choice((2, -3)),
            lambda: v.big // self.random.choice((1, 7, 1000)),
            lambda: max_of(self.number(deeper), self.number(deeper)),
            lambda: min_of(self.number(deeper), self.number(deeper)),
            lambda: count(self.random.choice((v.texts, v.labels, v.items, v.section.items))),
            lambda: pick(self.condition(deeper), self.number(deeper), self.number(deeper)),
            lambda: or_else(v.maybe_number, self.number(deeper)),
            lambda: min_of(bytes_of(v.size), self.number(0)),
            lambda: millicores_of(v.cpu),
            lambda: or_else(self.number(deeper), self.number(deeper)),
        )

    def plain_text(self, depth: int) -> Any:
        """Printable ASCII."""
        v, deeper = self.v, depth - 1
        if depth < 1:
            items = [item.word for item in self.scope]
            return self.random.choice([v.word, v.mode, "a-", "", self.release.name, v.quantity, *items])
        return self.one(
            lambda: self.plain_text(0),
            lambda: lower(self.plain_text(deeper)),
            lambda: trunc(self.plain_text(deeper), self.random.randrange(6)),
            lambda: trim_suffix(self.plain_text(deeper), "-"),
            lambda: to_str(self.number(deeper)),
            lambda: times(v.quantity, self.random.choice((v.small, 2))),
            lambda: self.plain_text(deeper) + self.plain_text(deeper),
            lambda: or_else(v.maybe_word, self.plain_text(deeper)),
            lambda: pick(self.condition(deeper), self.plain_text(deeper), self.plain_text(deeper)),
        )

    def text(self, depth: int) -> Any:
        v, deeper = self.v, depth - 1
        if depth < 1:
            items = [item.note for item in self.scope]
            return self.random.choice([v.text, v.section.text, v.word, self.random.choice(NASTY), v.mode, *items])
        return self.one(
            lambda: self.text(0),
            lambda: self.plain_text(deeper),
            lambda: self.text(deeper) + self.text(deeper),
            lambda: replace(self.text(deeper), self.random.choice(("a", "-", "%")), self.text(0)),
            lambda: or_else(v.maybe_text, self.text(deeper)),
            lambda: join(self.random.choice((",", "%")), self.random.choice((v.texts, v.words))),
            lambda: to_str(self.one(lambda: self.boolean(deeper), lambda: self.text(deeper))),
            lambda: sha256_of([v.tree, self.number(0), v.maybe_text, v.items, self.text(deeper)]),
            lambda: pick(self.condition(deeper), self.text(deeper), self.text(deeper)),
        )

    def boolean(self, depth: int) -> Any:
        v, deeper = self.v, depth - 1
        if depth < 1:
            return self.random.choice([v.flag, v.section.flag, *[item.flag for item in self.scope]])
        return self.one(
            lambda: self.boolean(0),
            lambda: not_(self.condition(deeper)),
            lambda: all_of(self.boolean(deeper), self.boolean(deeper)),
            lambda: any_of(self.boolean(deeper), self.boolean(deeper), self.boolean(0)),
            lambda: self.number(deeper) == self.number(deeper),
            lambda: self.number(deeper) != self.random.choice((0, 1)),
            lambda: self.number(deeper) > self.random.choice((0, 1)),
            lambda: self.number(deeper) >= self.random.choice((0, 1)),
            lambda: self.number(deeper) < self.number(deeper),
            lambda: self.number(deeper) <= self.number(deeper),
            lambda: self.text(deeper) == self.text(deeper),
            lambda: self.boolean(0) != self.boolean(deeper),
            lambda: contains(self.text(deeper), self.random.choice(("a", "-", ""))),
            lambda: contains(self.random.choice((v.texts, v.words)), self.text(0)),
            lambda: bytes_of(v.size) >= bytes_of("1Gi"),
            lambda: rising(v.sizes),
            lambda: present(self.random.choice((v.maybe_number, v.maybe_text, v.maybe_word, v.maybe_section))),
        )

    def condition(self, depth: int) -> Any:
        v, deeper = self.v, depth - 1
        return self.one(
            lambda: self.boolean(depth),
            lambda: self.boolean(depth),
            lambda: self.text(0),
            lambda: self.number(0),
            lambda: self.random.choice((v.texts, v.labels, v.tree, v.items, v.maybe_number, v.maybe_text)),
            lambda: not_(self.condition(deeper)) if depth > 0 else v.flag,
            lambda: all_of(self.condition(deeper), self.condition(deeper)) if depth > 0 else v.flag,
            lambda: any_of(self.condition(deeper), self.condition(deeper)) if depth > 0 else v.flag,
        )

    # ------------------------------------------------------------ nodes

    def leaf(self) -> Any:
        v = self.v
        return self.one(
            lambda: self.text(2),
            lambda: self.number(2),
            lambda: self.boolean(1),
            lambda: self.random.choice((v.maybe_number, v.maybe_text, v.maybe_word, v.fraction, v.port)),
            lambda: self.random.choice((v.texts, v.words, v.numbers, v.labels, v.tree)),
            lambda: keep(self.random.choice((v.texts, v.words, v.labels, v.tree))),
            lambda: self.random.choice((1, "x", True, "no", "{{", 0.5, "a\nb\n")),
            lambda: self.random.choice([item.maybe for item in self.scope] or [v.word]),
        )

    def node(self, depth: int) -> Any:
        if depth < 1:
            return self.leaf()
        deeper = depth - 1
        return self.one(
            self.leaf,
            lambda: self.mapping(deeper),
            lambda: self.mapping(deeper),
            lambda: self.sequence(deeper),
            lambda: when(self.condition(2), self.node(deeper)),
            lambda: when(self.condition(2), self.node(deeper), self.node(deeper)),
            lambda: self.narrowed(deeper),
        )

    def narrowed(self, depth: int) -> Any:
        v, seed = self.v, self.seed()
        return self.one(
            lambda: when(v.maybe_number, lambda number: number + 1, self.node(depth)),
            lambda: when(v.maybe_text, lambda text: {"text": text + "!"}),
            lambda: when(v.maybe_section, lambda section: {"in": self.inside(*[], seed=seed).section(section, depth)}),
        )

    def section(self, section: Any, depth: int) -> Any:
        seed = self.seed()
        body = lambda item: self.inside(item, seed=seed).node(depth)  # noqa: E731
        return {"number": section.number, "text": section.text, "items": [each(section.items, body), "end"]}

    def mapping(self, depth: int) -> Any:
        keys = self.random.sample(["a", "b", "yes", "x.y/z", "{{ k }}"], self.random.randrange(1, 4))
        out: dict[Any, Any] = {key: self.node(depth) for key in keys}
        extra = self.random.randrange(8)
        if extra == 0:
            out[...] = spread(self.random.choice((self.v.labels, self.v.tree)))
        elif extra == 1:
            out[...] = when(self.condition(1), {"c": self.node(depth), "d": 1}, {"d": self.leaf()})
        elif extra == 2 and not self.scope:
            out[...] = named(f"part{self.seed()}", {"e": 1, "f": self.node(depth)}, "A part.")
        return out

    def sequence(self, depth: int) -> Any:
        return [self.item(depth) for _ in range(self.random.randrange(1, 4))]

    def item(self, depth: int) -> Any:
        v, seed = self.v, self.seed()

        def body(*items: Any) -> Any:
            return self.inside(items[-1], seed=seed).node(depth)

        return self.one(
            lambda: self.node(depth),
            lambda: each(self.random.choice((v.items, v.section.items)), lambda item: body(item)),
            lambda: each(v.sections, lambda key, item: {"key": key, "item": body(item)}),
            lambda: each(v.labels, lambda key, value: {"name": key, "value": value}),
            lambda: each(v.texts, lambda text: text + self.v.word),
            lambda: spread(self.random.choice((v.texts, v.words, v.numbers, v.trees))),
            lambda: when(self.condition(1), self.node(depth)),
        )


def manifest(seed: int, v: Any, release: Any) -> dict[str, Any]:
    """One random object."""
    spec = Author(seed, v, release).mapping(3)
    return {
        "kind": "Random",
        "metadata": {"name": release.fullname + "-" + str(seed)},
        "spec": {"always": 1, "s": spec},
    }
