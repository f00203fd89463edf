"""Templates: trees of content items whose rows are declared as fields (PS3.16 section 6).

A template class lists its rows; the constructor, the properties, the reading of what others made and the check of it
follow. ::

    class Fetus(Template):
        subject_id: Row[str, str | None] = text(SUBJECT_ID, HAS_OBS_CONTEXT)

    Fetus(subject_id="1").subject_id
    Fetus.from_sequence(items).subject_id

Fields stand in the order of the constructor's parameters; where the standard's table has another, ``ORDER`` names it. A
template with a root item of its own (a container, or a number) says how it is made in ``make_root``; the rows are then
below it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar, dataclass_transform, overload

from hdcore.content import attributes as at
from hdcore.content import rows
from hdcore.content.code import concept_key
from hdcore.content.container import ContainerContentItem
from hdcore.content.context_group import is_in_context_group, name_of_group
from hdcore.content.glance import glance
from hdcore.content.item import ContentItem, name_key, value_type_of
from hdcore.content.row import REQUIRED, Deviation, Row
from hdcore.content.rows import IncludeRow
from hdcore.content.tree import ContentSequence, children_of, datasets_of, duplicate, set_children, typed
from hdcore.errors import InputError, InputTypeError
from hdcore.model.element import elements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pydicom.dataset import Dataset

    from hdcore.content.context_group import ContextGroup

__all__ = ["RootField", "Template", "root"]


In = TypeVar("In")
Out = TypeVar("Out")


class RootField(property, Generic[In, Out]):
    """A parameter of the constructor that goes into the root item, and the root's attribute of that name.

    The first type parameter is what the constructor takes, the second what the attribute gives.
    """

    def __init__(
        self, default: Any = REQUIRED, doc: str = "", attribute: str = "", values: ContextGroup | None = None
    ) -> None:
        super().__init__(self._read, doc=doc)
        self.name = ""
        self.values = values
        self.attribute = attribute
        self.default = default
        self.text = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: Any = None) -> RootField[In, Out]: ...
    @overload
    def __get__(self, instance: Template, owner: Any = None) -> Out: ...
    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """Read the root's attribute."""
        return self if instance is None else self._read(instance)

    def __set__(self, instance: Template, value: In) -> None:
        raise AttributeError(f"{self.name} of a {type(instance).__name__} is set when it is made.")

    def _read(self, template: Template) -> Any:
        return getattr(template[0], self.attribute or self.name)

    def deviations(self, template: Template) -> Iterator[Deviation]:
        """Tell whether the value is of the context group, if there is a value."""
        if self.values is None or not len(template):
            return
        value = getattr(template[0], self.attribute or self.name, None)
        if value is not None and not is_in_context_group(value, self.values):
            message = f"is {value.meaning!r}, which is not of {name_of_group(self.values)}"
            yield Deviation(self.name, message, is_error=False)


def root(default: Any = REQUIRED, doc: str = "", attribute: str = "", values: ContextGroup | None = None) -> Any:
    """Declare a parameter of the constructor that goes into the root item.

    Parameters
    ----------
    default: Any, optional
        Default of the parameter; it has none if absent.
    doc: str, optional
        What it is.
    attribute: str, optional
        Name of the root item's attribute, where it is not that of the parameter.
    values: int | tuple[pydicom.sr.coding.Code | CodedConcept, ...] | None, optional
        Number of the context group of the value, if that is a concept, or its concepts; others are a warning.
    """
    return RootField(default, doc, attribute, values)


@dataclass_transform(
    field_specifiers=(
        rows.text,
        rows.code,
        rows.uid,
        rows.person,
        rows.datetime,
        rows.number,
        rows.item,
        rows.include,
        rows.row,
        root,
    )
)
class Template(ContentSequence):
    """A sequence of content items that a template of PS3.16 (or of your own) describes."""

    TID: ClassVar[str] = ""
    """Number of the template."""
    ORDER: ClassVar[tuple[str, ...]] = ()
    """Names of the rows in the order of their items, where it is not that of the fields."""
    ROOT: ClassVar[Any] = None
    """Concept name of the root item, where the template has one that is always of this name."""
    ROOT_VALUE_TYPE: ClassVar[str] = ""
    """Value type of the root item; empty for a template whose rows have no parent of their own."""
    NEEDS_FIRST_ROW: ClassVar[bool] = False
    """Whether items are of the template only together with one of its first row, where others have the same names."""

    fields: ClassVar[dict[str, Row[Any, Any] | RootField[Any, Any]]] = {}
    ordered_rows: ClassVar[tuple[Row[Any, Any], ...]] = ()
    _keys: ClassVar[frozenset[tuple[str, str]]] = frozenset()
    _first_keys: ClassVar[frozenset[tuple[str, str]]] = frozenset()

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        declared = {name: value for name, value in vars(cls).items() if isinstance(value, Row | RootField)}
        fields = {**cls.fields, **declared}
        order = cls.PARAMETERS or tuple(fields)
        _check_names(cls, "PARAMETERS", order, fields)
        cls.fields = {name: fields[name] for name in order}
        names = cls.ORDER or tuple(name for name, field in cls.fields.items() if isinstance(field, Row))
        _check_names(cls, "ORDER", names, cls.fields)
        cls.ordered_rows = tuple(field for name in names if isinstance(field := cls.fields[name], Row))
        cls._keys = frozenset(_keys_of(cls.ordered_rows))
        if cls.fields and "__init__" not in vars(cls):
            cls.__init__ = _constructor(cls)  # type: ignore[method-assign]

    PARAMETERS: ClassVar[tuple[str, ...]] = ()
    """Names of the fields in the order of the constructor's parameters, where some are inherited."""

    # making

    def assemble(self, values: dict[str, Any], **root_options: Any) -> None:
        """Make the items of the values that a constructor was given.

        Parameters
        ----------
        values: dict[str, Any]
            Value of each field by name.
        **root_options: Any
            Passed on to :meth:`make_root`.
        """
        made = [item for row in self.ordered_rows for item in row.make(values[row.name])]
        top = self.make_root(values, **root_options)
        self._is_root = self._is_root if top is None else at.RELATIONSHIP_TYPE not in elements_of(top)
        if top is None:
            self._items: list[Any] = made
        else:
            set_children(top, made)
            self._items = [top]
        for row in self.ordered_rows:
            if row.required_if is not None and not row.items_of(self):
                for deviation in row.deviations_of_absence(self):
                    raise InputError(f"{row.name} {deviation.message}.")

    def make_root(self, values: dict[str, Any]) -> ContentItem | None:
        """Make the root item; ``None`` for a template whose rows have no parent of their own.

        A container of the name ``ROOT`` needs no method of its own.

        Parameters
        ----------
        values: dict[str, Any]
            Value of each field by name.
        """
        if not self.ROOT_VALUE_TYPE:
            return None
        if self.ROOT is None or self.ROOT_VALUE_TYPE != "CONTAINER":
            raise InputTypeError(
                f"{type(self).__name__} does not say how its root item, of value type {self.ROOT_VALUE_TYPE}, is made; "
                "define make_root, or for a container ROOT."
            )
        return ContainerContentItem(self.ROOT, template_id=self.TID or None)

    def replace_row(self, row: Row[Any, Any], value: Any) -> None:
        """Replace the items of a row.

        Parameters
        ----------
        row: Row
            The row.
        value: Any
            What the constructor takes for it; ``None`` takes the items away.
        """
        made = row.make(value)
        items: list[Any] = list(children_of(self[0]) if self.ROOT_VALUE_TYPE else self)
        old = {id(item) for item in row.placed_items_of(self)}
        before = self.ordered_rows[: self.ordered_rows.index(row)]
        earlier = {id(item) for one in before for item in one.placed_items_of(self)}
        place = max((index + 1 for index, item in enumerate(items) if id(item) in earlier), default=0)
        kept = [item for item in items[:place] if id(item) not in old]
        after = [item for item in items[place:] if id(item) not in old]
        if self.ROOT_VALUE_TYPE:
            set_children(self[0], [*kept, *made, *after])
        else:
            self._items = [*kept, *made, *after]

    # reading

    def row_items(self) -> Sequence[Any]:
        """Give the items that the rows are about: those below the root, or all where there is none."""
        if not self.ROOT_VALUE_TYPE:
            return self._list
        return glance(self._list[0]) if self._list else ()

    @classmethod
    def keys_of_rows(cls) -> frozenset[tuple[str, str]]:
        """Give what identifies the concept names of the rows (see :func:`hdcore.content.concept_key`)."""
        return cls._keys

    @classmethod
    def has_item(cls, item: ContentItem) -> bool:
        """Tell whether an item belongs to the template where another includes it."""
        if cls.ROOT_VALUE_TYPE:
            same_name = cls.ROOT is None or name_key(item) == concept_key(cls.ROOT)
            return same_name and value_type_of(item) == cls.ROOT_VALUE_TYPE
        return name_key(item) in cls._keys

    @classmethod
    def split(cls, items: Sequence[Any]) -> list[list[Any]]:
        """Divide items of which :meth:`has_item` is true into those of each inclusion of the template."""
        if cls.ROOT_VALUE_TYPE:
            return [[item] for item in items]
        if cls.NEEDS_FIRST_ROW and not any(cls.ordered_rows[0].matches(item) for item in items):
            return []
        parts: list[list[Any]] = []
        first = _first_keys(cls)
        for item in items:
            if not parts or name_key(item) in first:
                parts.append([])
            parts[-1].append(item)
        return parts

    @classmethod
    def from_sequence(
        cls, sequence: Sequence[Dataset], is_root: bool = False, is_sr: bool = True, copy: bool = True
    ) -> Self:
        """Take content items that were read as an instance of the template.

        Items that the template does not know are kept; those that it misses are ``None`` or an empty list when asked
        for. :meth:`deviations` names them.

        Parameters
        ----------
        sequence: Sequence[pydicom.dataset.Dataset]
            The items; of a template with a root item, that alone.
        is_root: bool, optional
            Whether they are roots of trees.
        is_sr: bool, optional
            Whether they are of a report.
        copy: bool, optional
            Whether to leave the items as they are; otherwise they become the template's own.

        Raises
        ------
        TypeError
            If one is not a dataset.
        ValueError
            If the root item is missing, one of several, or of another value type.
        """
        items = [typed(duplicate(item) if copy else item) for item in datasets_of(sequence)]
        if cls.ROOT_VALUE_TYPE:
            if len(items) != 1:
                raise InputError(f"A {cls.__name__} is read from one item; given were {len(items)}.")
            if value_type_of(items[0]) != cls.ROOT_VALUE_TYPE:
                raise InputError(
                    f"The root of a {cls.__name__} has value type {cls.ROOT_VALUE_TYPE}; "
                    f"given was one of {value_type_of(items[0]) or 'none'}."
                )
            cls.check_root(items[0])
        return cls.of(items, is_root=is_root, is_sr=is_sr)

    @classmethod
    def check_root(cls, item: ContentItem) -> None:
        """Refuse a root item that cannot be one of the template."""

    def deviations(self) -> Iterator[Deviation]:
        """Tell in what the items differ from the template's table.

        Yields
        ------
        Deviation
            What is off, with the names of the items on the way there.
        """
        prefix = _label_of_root(self)
        if self.ROOT_VALUE_TYPE and self.ROOT is not None and len(self) and name_key(self[0]) != concept_key(self.ROOT):
            yield Deviation(prefix.rstrip("/"), f"is the root's name, expected {self.ROOT.meaning!r}")
        for field in self.fields.values():
            if isinstance(field, RootField):
                for path, message, is_error in field.deviations(self):
                    yield Deviation(f"{prefix}{path}", message, is_error)
        for row in self.ordered_rows:
            for path, message, is_error in row.deviations(self):
                yield Deviation(f"{prefix}{path}", message, is_error)


def _label_of_root(template: Template) -> str:
    if not template.ROOT_VALUE_TYPE or not len(template):
        return ""
    from hdcore.content.encoded import concept_of

    concept = concept_of(template[0], at.CONCEPT_NAME)
    return f"{concept.meaning if concept else template.ROOT_VALUE_TYPE}/"


def _keys_of(declared: Iterable[Row[Any, Any]]) -> Iterator[tuple[str, str]]:
    for row in declared:
        if row.key is not None:
            yield row.key
        elif isinstance(row, IncludeRow):
            for template in row.templates:
                if not template.ROOT_VALUE_TYPE:
                    yield from template._keys


def _first_keys(cls: type[Template]) -> frozenset[tuple[str, str]]:
    # A first row that may occur several times cannot tell where an inclusion begins.
    return frozenset(_keys_of(row for row in cls.ordered_rows[:1] if not row.several))


def _check_names(cls: type[Template], attribute: str, names: tuple[str, ...], fields: Any) -> None:
    unknown = [name for name in names if name not in fields]
    if unknown:
        raise InputTypeError(
            f"{attribute} of {cls.__name__} names {unknown[0]!r}, which is no field; there are {', '.join(fields)}."
        )


def _constructor(cls: type[Template]) -> Callable[..., None]:
    """Make a constructor with the fields as parameters, as ``dataclasses`` does."""
    defaults: dict[str, Any] = {}
    parameters = []
    for name, field in cls.fields.items():
        if field.default is REQUIRED:
            if defaults:
                raise InputTypeError(
                    f"{name} of {cls.__name__} has no default but stands after {next(iter(defaults))[1:]}, which has "
                    "one; put it before, or list the parameters in PARAMETERS."
                )
            parameters.append(name)
        else:
            defaults[f"_{name}"] = field.default
            parameters.append(f"{name}=_{name}")
    values = ", ".join(f"{name!r}: {name}" for name in cls.fields)
    source = f"def __init__(self, {', '.join(parameters)}):\n    self.assemble({{{values}}})\n"
    namespace: dict[str, Any] = dict(defaults)
    exec(source, namespace)
    made: Callable[..., None] = namespace["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    made.__module__ = cls.__module__
    lines = [f"{name}\n    {field.text}" for name, field in cls.fields.items()]
    made.__doc__ = "\n".join(["Make the items.", "", "Parameters", "----------", *lines])
    return made


def required(value: Any, name: str, *classes: type[Any]) -> None:
    """Refuse an argument that is not of one of the classes."""
    if not isinstance(value, classes):
        expected = " or ".join(one.__name__ for one in classes)
        raise InputTypeError(f"{name} is a {type(value).__name__}; expected {expected}.")
