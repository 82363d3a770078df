"""Effect sizes of the CBMs as a scenario may change them: fields made from the catalogue, a new CBM's included."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema, create_model

from simcrisis.catalogue import Cbm, Effect, How, Size, cbms
from simcrisis.spec import Spec
from simcrisis.units import format_duration


def _in_words(size: Size) -> object:
    return "none" if size is None else format_duration(size) if isinstance(size, int) else size


def _field(effect: Effect) -> Any:
    aged = effect.how is How.AT_MOST
    most = 1 if effect.how is How.TOWARDS else 100
    schema = {"type": "string"} if aged else {"type": "number", "minimum": 0, "maximum": most}
    kind = Annotated[
        Any, PlainValidator(effect.parse), PlainSerializer(_in_words), WithJsonSchema({**schema, "title": effect.what})
    ]
    return kind, Field(default=effect.parse(effect.size), description=f"{effect.what} (null: {effect.null})")


def _of(cbm: Cbm) -> Any:
    fields: dict[str, Any] = {name: _field(effect) for name, effect in cbm.effect.items()}
    return create_model(f"Effects{cbm.number}", __base__=Spec, __doc__=f"CBM {cbm.number}, {cbm.title}.", **fields)


if TYPE_CHECKING:

    class Effects(Spec):
        """How far each CBM goes."""

else:
    _FIELDS = {
        cbm.key: (model := _of(cbm), Field(default=model(), description=f"Effect sizes of CBM {cbm.number}."))
        for cbm in cbms().values()
        if cbm.effect
    }
    Effects = create_model("Effects", __base__=Spec, __doc__="How far each CBM goes.", **_FIELDS)


def size_of(effects: Effects, cbm: Cbm, name: str) -> Size:
    """Return the size of one effect of a CBM in a scenario."""
    size: Size = getattr(getattr(effects, cbm.key), name)
    return size
