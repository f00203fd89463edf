"""Conditions of three values: what cannot be decided from the dataset is neither true nor false.

A condition is written as an expression, which is data that can be printed, compared and shipped in tables. It is never
evaluated as Python.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hdcore.errors import InputError

if TYPE_CHECKING:
    Truth = bool | None
    Test = Callable[[tuple[Any, ...]], Truth]

__all__ = ["Condition"]


class Condition:
    """When something is required, as an expression.

    ============================== ==================================================================================
    ``X``, ``present(X)``          attribute ``X`` (a keyword) has a value; ``present`` holds also where it is empty
    ``X == "A"``, ``X != 1``       a value of ``X`` is, or none is, this
    ``X in ("A", "B")``            a value of ``X`` is one of these
    ``X > 1``, also ``<  >=  <=``  every value of ``X`` is a number in this range
    ``X[3] == "A"``                the same of the third value of ``X`` alone
    ``count(X) > 1``               of the number of values, or items, of ``X``
    ``paired(X, Y)``               ``X`` and ``Y`` have values, as many the one as the other
    ``X.Y``                        ``Y`` in the first item of sequence ``X``
    ``root.X``, ``parent.X``       of the whole dataset, of the enclosing item; ``near.X``: of the innermost
                                   enclosing item, or the item itself, that has ``X``; ``frame.X``: of whichever
                                   functional group of the frame has ``X``
    ``and``, ``or``, ``not``       of three values
    ``unknown``                    cannot be decided
    ============================== ==================================================================================

    A comparison with an attribute that has no value cannot be decided.
    """

    __slots__ = ("_test", "expression")

    def __init__(self, expression: str) -> None:
        """Parse an expression.

        Parameters
        ----------
        expression: str
            As described above.

        Raises
        ------
        hdcore.errors.InputError
            If it is not such an expression.
        """
        self.expression = expression
        try:
            self._test = _compile(ast.parse(expression.strip(), mode="eval").body)
        except (SyntaxError, ValueError) as error:
            raise InputError(f"The condition {expression!r} cannot be read: {error}") from error

    @classmethod
    def of(cls, condition: str | Condition) -> Condition:
        """Give a condition, parsed once however often it is asked for.

        Parameters
        ----------
        condition: str | hdcore.validation.Condition
            An expression, or what was made of one.

        Returns
        -------
        hdcore.validation.Condition
            The condition.
        """
        return condition if isinstance(condition, Condition) else _parsed(condition)

    def holds(self, dataset: Any, *around: Any) -> bool | None:
        """Decide the condition.

        Parameters
        ----------
        dataset: pydicom.dataset.Dataset
            The item that has, or would have, the attribute that the condition is about.
        around: pydicom.dataset.Dataset
            The items around it, innermost first, up to the whole dataset.

        Returns
        -------
        bool | None
            None if it cannot be decided.
        """
        return self._test((dataset, *around))

    def __str__(self) -> str:
        return self.expression

    def __repr__(self) -> str:
        return f"Condition({self.expression!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self.expression == other.expression

    def __hash__(self) -> int:
        return hash(self.expression)


@lru_cache(maxsize=4096)
def _parsed(expression: str) -> Condition:
    return Condition(expression)


def _compile(node: ast.expr) -> Test:  # noqa: PLR0911 - one for each kind of expression
    match node:
        case ast.BoolOp(op=op, values=values):
            return (_any if isinstance(op, ast.Or) else _all)([_compile(value) for value in values])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _negated(_compile(operand))
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return _comparison(_values_of(left), op, ast.literal_eval(right))
        case ast.Call(func=ast.Name(id="present"), args=[argument]):
            return _presence_of(argument)
        case ast.Call(func=ast.Name(id="paired"), args=[first, second]):
            return _pairing(_values_of(first), _values_of(second))
        case ast.Name(id="unknown"):
            return lambda _: None
        case ast.Constant(value=bool(value)):
            return lambda _: value
        case ast.Name() | ast.Attribute() | ast.Subscript():
            values_of = _values_of(node)
            return lambda scopes: bool(values_of(scopes))
    raise ValueError(f"{ast.unparse(node)} is not allowed")


def _all(tests: list[Test]) -> Test:
    def test(scopes: tuple[Any, ...]) -> Truth:
        unknown = False
        for one in tests:
            truth = one(scopes)
            if truth is False:
                return False
            unknown = unknown or truth is None
        return None if unknown else True

    return test


def _any(tests: list[Test]) -> Test:
    every_is_false = _all([_negated(test) for test in tests])
    return _negated(every_is_false)


def _negated(test: Test) -> Test:
    def negated(scopes: tuple[Any, ...]) -> Truth:
        truth = test(scopes)
        return None if truth is None else not truth

    return negated


def _comparison(values_of: Callable[[tuple[Any, ...]], list[Any] | None], op: ast.cmpop, operand: Any) -> Test:
    among = operand if isinstance(op, (ast.In, ast.NotIn)) else (operand,)

    def member(scopes: tuple[Any, ...]) -> Truth:
        values = values_of(scopes)
        return any(value in among for value in values) if values else None

    def ordered(scopes: tuple[Any, ...]) -> Truth:
        truths = [_ordered(value, op, operand) for value in values_of(scopes) or ()]
        if not truths or False in truths:
            return False if truths else None
        return None if None in truths else True

    match op:
        case ast.Eq() | ast.In():
            return member
        case ast.NotEq() | ast.NotIn():
            return _negated(member)
        case ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE():
            return ordered
    raise ValueError("only ==, !=, in, not in, <, <=, > and >= compare")


def _pairing(*values_of: Callable[[tuple[Any, ...]], list[Any] | None]) -> Test:
    def paired(scopes: tuple[Any, ...]) -> Truth:
        first, second = (len(values(scopes) or ()) for values in values_of)
        return first == second if first and second else None

    return paired


def _ordered(value: Any, op: ast.cmpop, operand: float) -> Truth:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    match op:
        case ast.Lt():
            return number < operand
        case ast.LtE():
            return number <= operand
        case ast.Gt():
            return number > operand
    return number >= operand


def _values_of(node: ast.expr) -> Callable[[tuple[Any, ...]], list[Any] | None]:
    """Give a function that looks up values: None where the attribute is absent, empty where it has no value."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "count":
        counted = _values_of(node.args[0])
        return lambda scopes: [len(counted(scopes) or ())]
    if isinstance(node, ast.Subscript):
        number = ast.literal_eval(node.slice)
        every = _values_of(node.value)
        return lambda scopes: None if (values := every(scopes)) is None else values[number - 1 : number]
    steps = _steps(node)
    return lambda scopes: _look_up(scopes, steps)


def _presence_of(node: ast.expr) -> Test:
    """Give a test that looks whether an attribute is there, not at its value, which may be millions of numbers."""
    if isinstance(node, (ast.Call, ast.Subscript)):
        values_of = _values_of(node)
        return lambda scopes: values_of(scopes) is not None
    steps = _steps(node)

    def is_present(scopes: tuple[Any, ...]) -> Truth:
        dataset = _holder(scopes, steps)
        return dataset is not None and steps[-1] in dataset

    return is_present


def _steps(node: ast.expr) -> list[str]:
    steps = ast.unparse(node).split(".")
    if not all(step.isidentifier() for step in steps) or steps[-1] in _PLACES:
        raise ValueError(f"{ast.unparse(node)} does not name an attribute")
    return steps


def _look_up(scopes: tuple[Any, ...], steps: list[str]) -> list[Any] | None:
    dataset = _holder(scopes, steps)
    return None if dataset is None else _values(dataset, steps[-1])


def _holder(scopes: tuple[Any, ...], steps: list[str]) -> Any:
    """Find the dataset that would have the last attribute of a path; None where the path ends before."""
    dataset = scopes[0]
    if steps[0] in _PLACES:
        dataset = _PLACES[steps[0]](scopes, steps[1])
        steps = steps[1:]
    for step in steps[:-1]:
        items = dataset[step].value if step in dataset else None
        if not items or not hasattr(items[0], "keys"):
            return None
        dataset = items[0]
    return dataset


def _near(scopes: tuple[Any, ...], keyword: str) -> Any:
    return next((scope for scope in scopes if keyword in scope), scopes[0])


def _frame(scopes: tuple[Any, ...], keyword: str) -> Any:
    """Find the functional group of a frame, its own or a shared one, that has an attribute."""
    for scope in scopes[:-1]:
        if keyword in scope:
            return scope
        for element in scope:
            items = element.value
            if isinstance(items, Iterable) and not isinstance(items, (str, bytes)):
                first = next(iter(items), None)
                if first is not None and hasattr(first, "keys") and keyword in first:
                    return first
    return scopes[0]


_PLACES: dict[str, Callable[[tuple[Any, ...], str], Any]] = {
    "root": lambda scopes, _: scopes[-1],
    "parent": lambda scopes, _: scopes[min(1, len(scopes) - 1)],
    "near": _near,
    "frame": _frame,
}


def _values(dataset: Any, keyword: str) -> list[Any] | None:
    if keyword not in dataset:
        return None
    value = dataset[keyword].value
    if value is None or (hasattr(value, "__len__") and len(value) == 0):
        return []
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__") or hasattr(value, "family_name"):
        return [value]
    return list(value)
