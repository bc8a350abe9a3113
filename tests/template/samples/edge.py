"""A workload that is all corners: loops in loops, null sections in null sections and in list items, keep(), pick(),
arithmetic, merged map defaults, odd keys and literals, a document for each list item, named templates with loops."""

from typing import Annotated, Any, Literal

from pydantic import Field

from podzol.template import (
    Values,
    all_of,
    any_of,
    bytes_of,
    collect,
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
    rule,
    sha256_of,
    spread,
    to_str,
    trim_suffix,
    trunc,
    unique,
    when,
)

Word = Annotated[str, Field(pattern="^[a-z]([a-z0-9-]*[a-z0-9])?$", max_length=20)]
Small = Annotated[int, Field(ge=0, le=100)]
Size = Annotated[str, Field(pattern="^[1-9][0-9]{0,9}(k|M|G|T|Ki|Mi|Gi|Ti)$")]
Cores = (
    Annotated[int, Field(ge=1, le=10_000)] | Annotated[str, Field(pattern="^([1-9][0-9]{0,6}m|[0-9]\\.[0-9]{1,3})$")]
)


class Limits(Values):
    cpu: Annotated[int, Field(ge=1, le=64)] = 1
    note: str = "none"


class Tls(Values):
    secret: Word
    alpn: list[Word] = []
    limits: Limits = Limits()


class Route(Values):
    hosts: list[Annotated[str, Field(min_length=1)]] = []
    tls: Tls | None = None
    y: bool = True
    timeout: Annotated[int, Field(ge=1, le=86400)] | None = None
    weight: int | None = 7
    limits: Limits = Limits()
    headers: dict[str, str] = {}


class Soft(Values):
    """Every value has a default: `soft: {}` isn't the same as no soft."""

    level: Small = 3
    tls: Tls | None = None


class Job(Values):
    name: Word
    routes: list[Route] = []
    on: bool = False


class Key(Values):
    key: Word
    default: str = ""


class Room(Values):
    size: Size = "1Gi"
    limit: Size | None = None
    cores: Cores = 1
    most: Cores | None = None
    ladder: list[Size] = []


class EdgeValues(Values):
    soft: Soft | None = None
    hard: Tls | None = Tls(secret="given", alpn=["h2"])
    jobs: list[Job] = []
    by_zone: dict[str, list[Word]] = {}
    merged: dict[str, str] = {"a": "1", "b.c/d": "two", "null": "x"}
    selector: dict[str, Any] = {}
    labels: dict[str, str] = {}
    plain_labels: dict[Word, Word] = {}
    ports: dict[str, int] = {}
    keys: dict[Word, Key] = {}
    room: Room = Room()
    rooms: list[Room] = []
    weights: list[float] = []
    codes: list[int | Annotated[str, Field(pattern="^[a-z]{1,9}$")]] = [1, "a"]
    tree: dict[str, Any] = {}
    n: int = 5
    f: float = 1.5
    big: Annotated[int, Field(ge=-(10**9), le=10**9)] = 3_000_000
    whole: Annotated[int, Field(ge=0, le=10**9)] = 2_000_001
    mode: Literal["fast", "on", "slow"] = "slow"
    kind: Literal["Blue", "Green"] = "Blue"
    flag: bool = True
    prefix: Word = "pre"
    text: str = "yes\nno"
    opt: str | None = "set"
    loose: list[Annotated[str, Field(pattern="[a-z]")]] = ["é a\n\n", "\x85b", "c\x7f"]
    maybe: bool | None = None
    zero: int | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | Annotated[str, Field(pattern="^[a-z]{1,15}$")] = "http"


def room_rules(room):
    yield when(
        room.limit,
        lambda limit: rule(bytes_of(limit) >= bytes_of(room.size), at=limit, must="be at least size", fix="raise it"),
    )
    yield when(
        room.most,
        lambda most: rule(not_(millicores_of(most) < millicores_of(room.cores)), at=most, must="be at least cores"),
    )


SCRIPT = 'set -e\necho "{{ .Values.x }}"  # %s\n\n  indented {{ `tick` }}\nend\n'


class Edge:
    Values = EdgeValues
    name = "edge"

    @staticmethod
    def rules(v):
        yield rule(
            any_of(present(v.soft), not_(v.flag), v.n != 13),
            at=v.n,
            must="not be 13 unless soft is given or flag is false",
            fix="take 12%",
        )
        yield rule(count(v.jobs) < 4, at=v.jobs, must="be at most 3", fix="remove some")
        names = collect(v.jobs, lambda job: job.name)
        yield rule(unique(names), at=v.jobs, must="each have a name of their own")
        yield rule(
            unique(names + collect(v.keys, lambda name, key: key.key) + ["reserved"]),
            at=v.keys,
            must="share no key with a job, nor be called reserved",
        )
        yield each(
            v.jobs,
            lambda job: [
                rule(not_(contains(["boss", v.prefix], job.name)), at=job.name, must="not be boss nor prefix"),
                each(
                    job.routes,
                    lambda route: when(
                        route.timeout,
                        lambda timeout: rule(
                            timeout < 5000, at=timeout, must="be less than 5000", fix="lower it by 1%"
                        ),
                    ),
                ),
            ],
        )
        yield each(
            v.jobs,
            lambda job: rule(
                unique(job.routes, lambda route: join(",", route.hosts) + to_str(or_else(route.timeout, 0))),
                at=job.routes,
                must="differ",
            ),
        )
        yield each(
            v.jobs,
            lambda job: when(
                not_(unique(job.routes, lambda route: join(",", route.hosts) + to_str(or_else(route.timeout, 0)))),
                each(
                    job.routes,
                    lambda route: rule(
                        not_(contains(collect(route.hosts, lambda host: host + "!"), "x!")),
                        at=route.hosts,
                        must="not hold x where routes are alike",
                    ),
                ),
            ),
        )
        yield each(v.ports, lambda key, value: rule(value != 22, at=value, must="not be 22"))
        key_names = collect(v.keys, lambda name, key: name)
        yield rule(
            any_of(unique(v.keys, lambda name, key: key.key), not_(contains(key_names, "twin"))),
            at=v.keys,
            must="have no key twice when one is called twin",
        )
        yield rule(rising(v.room.ladder), at=v.room.ladder, must="rise")
        yield from room_rules(v.room)
        yield each(v.rooms, lambda room: [*room_rules(room), rule(rising(room.ladder), at=room.size, must="rise")])
        yield when(v.flag, rule(v.text != "forbidden", at=v.text, must='not be "forbidden"'))

    @staticmethod
    def manifests(v, release):
        def config_map(suffix, **more):
            labels = named("labels", {"app": release.name, "n": to_str(v.n), ...: spread(v.plain_labels)}, "Labels.")
            return {
                "apiVersion": "v1",
                "kind": "ConfigMap",
                "metadata": {"name": release.fullname + suffix, "labels": labels},
                **more,
            }

        def route(x):
            return {
                "timeout": x.timeout,
                "weight": x.weight,
                "y": x.y,
                "n": when(x.y, 1, 0),
                "cpu": x.limits.cpu,
                "note": x.limits.note + "!",
                "headers": x.headers,
                "hosts": each(
                    x.hosts,
                    lambda h: {
                        "host": h,
                        "zones": [
                            each(
                                v.by_zone,
                                lambda zone, words: {"zone": zone, "words": [each(words, lambda w: w + "." + h)]},
                            )
                        ],
                    },
                ),
                "tls": when(
                    x.tls,
                    lambda tls: {
                        "secret": tls.secret,
                        "alpn": tls.alpn,
                        "note": tls.limits.note,
                        "cpu": to_str(tls.limits.cpu * 2) + "m",
                    },
                ),
                "double": when(x.timeout, lambda timeout: timeout * 2),
                "again": [each(x.hosts, (lambda outer: lambda x: x + to_str(outer.limits.cpu))(x))],
                "hash": sha256_of([x.limits.cpu, x.tls, x.hosts, x.weight]),
            }

        main = {
            "script": SCRIPT,
            "odd {{ key }}": "v",
            "yes": "no",
            "a.b/c": "1e3",
            "tick": "{{ `x` }} {{",
            "empty": "",
            "odd": "\x7f \x85 \u2028 \ufeff \ufffe 😀",
            "trail": "a \nb",
            "text": v.text,
            "opt": v.opt,
            "mode": v.mode,
            "kind": v.kind,
            "joined": v.prefix + to_str(v.big) + "%" + to_str(v.flag) + "{" + v.text + "}",
            "short": lower(trunc(v.prefix, 3)) + trim_suffix(v.prefix, "-") + replace(v.text, "o", "%"),
            "pick": pick(v.flag, v.text, "off"),
            "pick2": pick(any_of(v.flag, v.opt), "x", v.prefix),
            "pick3": pick(not_(v.opt), "none", "some"),
            "has": pick(contains(v.text, "no"), "y", "n"),
            "jobs": to_str(count(v.jobs)),
            "zones": sha256_of(v.by_zone),
            "hash": sha256_of(v.tree),
            "hashes": sha256_of([v.n, v.f, v.opt, v.zero, v.soft, v.jobs, v.keys, v.codes, v.merged, v.port, "x", 7]),
            "merged": sha256_of(v.merged),
            "comma": when(v.hard, lambda hard: join(",", hard.alpn)),
            "or": or_else(v.opt, "none"),
            "or0": to_str(or_else(v.zero, 8)),
            "name": named("shortName", pick(v.flag, trunc(release.fullname, 20), v.prefix), "A short name."),
        }
        spec = {
            "selector": keep(v.selector),
            "labels": keep(v.labels),
            "plainLabels": keep(v.plain_labels),
            "plain": v.plain_labels,
            "ports": v.ports,
            "weights": [spread(v.weights), 2.5],
            "codes": v.codes,
            "alias": {...: spread(v.ports), "a": 1},
            "tree": v.tree,
            "list": [
                "lit",
                1,
                True,
                when(v.flag, "f"),
                when(v.soft, lambda soft: {"soft": when(soft.tls, lambda tls: tls.secret), "level": soft.level}),
            ],
            "keys": [each(v.keys, lambda name, key: {"name": name, "key": key.key, "default": key.default})],
            "n": v.n,
            "f": v.f,
            "big": v.big,
            "sum": v.n + 1,
            "minus": 10 - v.big,
            "div": v.whole // 7,
            "max": max_of(v.n, 0),
            "min": min_of(v.big, v.n),
            "port": v.port,
            "flag": v.flag,
            "maybe": v.maybe,
            "zero": v.zero,
            "cmp": v.n > 0,
            "not": not_(v.flag),
            "isnt": v.kind != "Blue",
            "bool": all_of(v.flag, v.n <= 4),
            "truth": pick(all_of(v.text, v.n), True, False),
            "orint": or_else(v.n, 9),
            "pickint": pick(v.flag, v.big, -1),
            "soft": when(
                v.soft,
                lambda soft: {
                    "level": soft.level,
                    "tls": when(
                        soft.tls,
                        lambda tls: {
                            "secret": tls.secret,
                            "alpn": tls.alpn,
                            "limits": [tls.limits.cpu, tls.limits.note],
                        },
                    ),
                },
            ),
            "three": when(
                v.soft,
                lambda soft: when(
                    v.hard, lambda hard: when(soft.tls, lambda tls: when(v.flag, tls.secret + hard.secret))
                ),
            ),
            "hard": when(
                v.hard,
                lambda hard: when(
                    v.flag, {"secret": hard.secret, "alpn": hard.alpn, "cpu": hard.limits.cpu, "note": hard.limits.note}
                ),
                {"none": True},
            ),
            "nested": {"a": when(v.flag, v.opt), "m": when(v.n > 2, {"deep": v.tree}), ...: spread(v.merged)},
            "gone": {"x": {"y": [when(v.soft, 1)]}},
            "deep": [[each(v.by_zone, lambda k, zones: k)], {"k": []}, {"e": {}}],
            "either": when(v.soft, {"t": v.tree}, [1, 2]),
            "more": {
                "first": v.opt,
                ...: [when(v.flag, {"yes": 1, "no": v.opt}, {"no": 2, "off": v.zero}), {"always": v.text}],
            },
            "negative": when(not_(any_of(v.flag, v.opt)), "neither"),
            "flagged": when(v.flag, 1),
            "flagged too": when(v.flag, {"opt": v.opt, "two": 2}),
            "inner": when(v.flag, when(v.n > 2, 1, 2)),
            "one": {"x": when(v.flag, 1, v.labels)},
            "two": {"x": when(v.flag, v.labels, 2), "loose": v.loose},
            "nothing": when(not_(present(v.zero)), "null"),
            "something": when(present(v.zero), "given"),
            "positive": when(v.n > 0, "positive"),
            "natural": when(v.whole > 0, "positive", "zero"),
            "zeroish": when(v.whole == 0, "zero", when(v.whole >= 1, "more")),
            "bytes": bytes_of(v.room.size) + 1,
            "millicores": to_str(millicores_of(v.room.cores)),
            "rises": rising(v.room.ladder),
            "rooms": [
                each(
                    v.rooms,
                    lambda room: {
                        "bytes": bytes_of(room.size),
                        "most": when(room.most, lambda most: millicores_of(most)),
                        "falls": not_(rising(room.ladder)),
                        "limit": when(room.limit, lambda limit: bytes_of(limit) > bytes_of(room.size)),
                    },
                )
            ],
            "named": named("loop", {"fixed": True, "jobs": [each(v.jobs, lambda job: {"name": job.name})]}),
        }
        return {
            "main": config_map("", data=main),
            "spec": config_map("-spec", spec=spec),
            "job": each(
                v.jobs,
                lambda job: when(
                    not_(job.on),
                    config_map("-" + job.name, spec={"name": job.name, "routes": [each(job.routes, route)]}),
                ),
            ),
            "zone": when(all_of(v.by_zone, v.flag), config_map("-zone", data=v.merged)),
            "pair": [
                config_map("-one", spec={"x": v.opt}),
                when(v.flag, config_map("-two", spec={"x": v.opt, "y": [spread(v.codes)]})),
            ],
        }

    @staticmethod
    def notes(v, release):
        return [
            "{" + release.fullname + "} has " + to_str(v.big) + " {{ reasons }}",
            when(v.flag, [v.text, each(v.ports, lambda name, port: name + "=" + to_str(port))], "flag is off"),
            "",
            each(v.jobs, lambda job: when(job.on, "- " + job.name)),
        ]
