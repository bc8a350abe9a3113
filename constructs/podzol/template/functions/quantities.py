"""Defines what can be said of quantities of Kubernetes: `512Mi` of memory, `500m` of CPU.

Sources, 2026-11-23: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ and
https://masterminds.github.io/sprig/math.html: `mul`, `div` and `min` compute in int64, `mulf` in decimals.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise

from podzol.template.expressions import Expr
from podzol.template.faults import TemplateError
from podzol.template.functions.registry import Writer, function, need, need_plain, need_texts
from podzol.template.gotemplate import Dot, Go, Literal, call, pipe
from podzol.template.types import BOOL, GREATEST, Type, integer, text

LONGEST = 12
"""Characters of a quantity: ten digits and a unit."""
MOST = 10**6
"""A factor of a quantity, at most: with ten digits the product is far from int64's end."""
DIGITS = frozenset("0123456789")
BYTES = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}
"""Bytes of a unit."""


# ---------------------------------------------------------------- type rules


def is_short(type_: Type) -> bool:
    return type_.longest is not None and type_.longest <= LONGEST


def times_rule(quantity: Expr, factor: Expr) -> Type:
    type_ = need_plain("times", quantity)
    assert type_.alphabet is not None
    if not all(char.isalnum() for char in type_.alphabet) or not is_short(type_):
        raise TemplateError(
            f"times: {quantity!r} must be a whole quantity such as 256Mi: a pattern of digits and a unit, "
            f"of at most {LONGEST} characters"
        )
    if need("times", factor, "int").low < 0 or factor._type.high > MOST:
        raise TemplateError(f"times: the factor {factor!r} must lie between 0 and {MOST}")
    return text(like=[type_], full=True, longest=20, characters="0123456789")


def refuse_other_than_bytes(name: str, quantity: Expr, type_: Type) -> None:
    if type_.alphabet is None or not type_.alphabet <= DIGITS | set("".join(BYTES)) or not is_short(type_):
        raise TemplateError(
            f"{name}: {quantity!r} must be a whole quantity of bytes such as 256Mi: a pattern of digits and "
            f"{', '.join(unit for unit in BYTES if unit)}, of at most {LONGEST} characters"
        )


def bytes_of_rule(quantity: Expr) -> Type:
    refuse_other_than_bytes("bytes_of", quantity, need("bytes_of", quantity, "str"))
    return integer(0, GREATEST)


def rising_rule(quantities: Expr) -> Type:
    refuse_other_than_bytes("rising", quantities, need_texts("rising", quantities))
    return BOOL


def millicores_of_rule(quantity: Expr) -> Type:
    type_ = need("millicores_of", quantity, "int", "str", "int-or-str")
    for arm in type_.arms or (type_,):
        if arm.kind == "int" and arm.low >= 0 and arm.high <= GREATEST // 1000:
            continue
        if arm.kind == "str" and arm.alphabet is not None and arm.alphabet <= DIGITS | {".", "m"} and is_short(arm):
            continue
        raise TemplateError(
            f"millicores_of: {quantity!r} must be a quantity of CPU such as 500m or 1.5: a pattern of digits, . and m, "
            f"of at most {LONGEST} characters, or an integer from 0 to {GREATEST // 1000}"
        )
    return integer(0, GREATEST)


# ---------------------------------------------------------------- twins


def times_quantity(quantity: str, factor: int) -> str:
    number, unit = split(quantity)
    return f"{number * factor}{unit}"


def split(quantity: str) -> tuple[int, str]:
    found = re.fullmatch("([0-9]+)([a-zA-Z]*)", quantity)
    if found is None:
        raise TemplateError(f"{quantity!r} is no whole quantity such as 256Mi")
    return int(found[1]), found[2]


def bytes_of_quantity(quantity: str) -> int:
    """As many of the unit as fit below 2^53: Kubernetes' own end is at 2^63, both far above any machine."""
    number, unit = split(quantity)
    return min(number, GREATEST // BYTES[unit]) * BYTES[unit]


def millicores(quantity: str | int) -> int:
    written = str(quantity)
    return int(written.removesuffix("m")) if written.endswith("m") else int(Decimal(written) * 1000)


# ---------------------------------------------------------------- Go forms

TIMES = """{{/*
A quantity times an integer: include "CHART.times" (list "256Mi" 2)
*/}}
{{- define "CHART.times" -}}
{{- $quantity := first . -}}
{{- printf "%d%s" (mul (regexFind "[1-9][0-9]*" $quantity) (last .)) (regexFind "[a-zA-Z]*$" $quantity) -}}
{{- end }}
"""

BYTES_OF = f"""{{{{/*
The bytes of a quantity: include "CHART.bytesOf" "512Mi"
*/}}}}
{{{{- define "CHART.bytesOf" -}}}}
{{{{- $units := dict {" ".join(f'"{unit}" {size}' for unit, size in BYTES.items())} -}}}}
{{{{- $unit := get $units (regexFind "[a-zA-Z]*$" .) -}}}}
{{{{- mul (min (regexFind "[1-9][0-9]*" .) (div {GREATEST} $unit)) $unit -}}}}
{{{{- end }}}}
"""

MILLICORES_OF = """{{/*
The thousandths of a core of a quantity: include "CHART.millicoresOf" "1.5"
*/}}
{{- define "CHART.millicoresOf" -}}
{{- if hasSuffix "m" (toString .) -}}
{{- trimSuffix "m" . -}}
{{- else -}}
{{- mulf . 1000 | int64 -}}
{{- end -}}
{{- end }}
"""

RISING = """{{/*
Whether each quantity of bytes is greater than the one before: true, or nothing
*/}}
{{- define "CHART.rising" -}}
{{- $rising := true -}}
{{- $before := -1 -}}
{{- range . -}}
{{- $bytes := include "CHART.bytesOf" . | int64 -}}
{{- $rising = and $rising (gt $bytes $before) -}}
{{- $before = $bytes -}}
{{- end -}}
{{- if $rising -}}
true
{{- end -}}
{{- end }}
"""


def included_times(write: Writer, quantity: Expr, factor: Expr) -> Go:
    return write.include("times", TIMES, call("list", write.value(quantity), write.value(factor)))


def included_rising(name: str) -> Callable[..., Go]:
    def form(write: Writer, quantities: Expr) -> Go:
        write.include("bytesOf", BYTES_OF, Dot())  # which the template of `rising` includes
        return call(name, write.include("rising", RISING, write.value(quantities)), Literal("true"))

    return form


# ---------------------------------------------------------------- the functions

times = function(
    "times",
    times_rule,
    times_quantity,
    included_times,
    (("256Mi", 2), "512Mi"),
    (("100m", 3), "300m"),
    (("010", 2), "20"),
    (("1", 0), "0"),
    doc="A whole Kubernetes quantity times an integer.",
)
bytes_of = function(
    "bytes_of",
    bytes_of_rule,
    bytes_of_quantity,
    lambda write, quantity: pipe(write.include("bytesOf", BYTES_OF, write.value(quantity)), "int64"),
    (("512Mi",), 512 * 2**20),
    (("3G",), 3 * 10**9),
    (("16",), 16),
    (("010k",), 10_000),
    (("0Ti",), 0),
    (("9999999999Ti",), 8191 * 2**40),
    doc="The bytes of a Kubernetes quantity, below 2^53.",
)
millicores_of = function(
    "millicores_of",
    millicores_of_rule,
    millicores,
    lambda write, quantity: pipe(write.include("millicoresOf", MILLICORES_OF, write.value(quantity)), "int64"),
    (("500m",), 500),
    (("1.5",), 1500),
    (("0.001",), 1),
    (("99999.999",), 99_999_999),
    ((4,), 4000),
    ((1_000_000,), 10**9),
    doc="The thousandths of a core of a quantity of CPU.",
)
rising = function(
    "rising",
    rising_rule,
    lambda quantities: all(bytes_of_quantity(one) < bytes_of_quantity(next) for one, next in pairwise(quantities)),
    included_rising("eq"),
    ((["512Mi", "1G", "1Gi"],), True),
    ((["1Gi", "1024Mi"],), False),
    ((["2Gi", "1Gi", "3Gi"],), False),
    (([],), True),
    negation=included_rising("ne"),
    doc="Each quantity of bytes in a list is greater than the one before.",
)
