"""Data models in words for people: their keys, kinds, bounds and defaults as a table."""

import inspect
import types
import typing
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from tools.pages import table


def field_table(model: type[BaseModel]) -> str:
    """Every key of a model, a line each."""
    rows = [
        (f"`{name}`", _kind(spec), _default(spec), spec.description or _first_line(spec.annotation))
        for name, spec in model.model_fields.items()
    ]
    return table(("key", "type", "default", "meaning"), rows)


def _kind(spec: FieldInfo) -> str:
    bounds = [_bound(item) for item in spec.metadata]
    return ", ".join([_words(spec.annotation), *filter(None, bounds)])


def _words(annotation: Any) -> str:  # noqa: ANN401 (whatever a model's field is annotated with)
    """A type in words for people."""
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is typing.Union:
        return " or ".join(_words(part) for part in typing.get_args(annotation) if part is not type(None))
    if typing.get_origin(annotation) is dict:
        return f"mapping of {' to '.join(_words(part) for part in typing.get_args(annotation))}"
    if typing.get_origin(annotation) is tuple:
        return f"list of {_words(typing.get_args(annotation)[0])}s"
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "mapping"
    if choices := _choices(annotation):
        return " or ".join(f"`{value}`" for value in choices)
    if typing.get_origin(annotation) is typing.Annotated:
        annotation = typing.get_args(annotation)[0]
    return {str: "text", int: "whole number", float: "number", bool: "true or false"}[annotation]


def _choices(annotation: Any) -> list[str]:  # noqa: ANN401 (whatever a model's field is annotated with)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    return [str(v) for v in typing.get_args(annotation)] if typing.get_origin(annotation) is typing.Literal else []


def _bound(item: object) -> str:
    """A constraint of pydantic's in words, empty for what is no constraint of its own."""
    known = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    found = [f"{words} {getattr(item, name)}" for name, words in known.items() if getattr(item, name, None) is not None]
    if getattr(item, "min_length", None):
        found.append("not empty")
    if getattr(item, "pattern", None):
        found.append(f"like `{item.pattern}`")  # type: ignore[attr-defined]  # looked up just above
    return ", ".join(found)


def _default(spec: FieldInfo) -> str:
    if spec.is_required():
        return "required"
    value = spec.default
    if value is None:
        return "not set"
    if value in ((), {}, ""):
        return "none"
    if isinstance(value, BaseModel):
        return "its defaults"
    return f"`{value.value if isinstance(value, Enum) else value}`"


def _first_line(annotation: object) -> str:
    """What the class of a field says of itself, where the field says nothing."""
    inner = (*typing.get_args(annotation), annotation)[0]
    own = isinstance(inner, type) and inner.__module__.startswith("cj_pipeline")
    return own_words(inner).partition("\n")[0] if own else ""


def own_words(what: object) -> str:
    """What a class says of itself."""
    return inspect.cleandoc(getattr(what, "__doc__", None) or "")
