"""The PP-OCRv6 recogniser with its last layer cut down to the characters that European invoices are written in.

The layer has 18,710 classes, most of them CJK; computing them takes more than half of the recogniser's time, and a
class that is gone cannot be mistaken for a letter. Columns of the last matrix and its bias are kept or dropped, no
weight changes. The ONNX file is edited on the level of protobuf fields (onnx.proto3), as the package that would do it
is larger than everything else here.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from typing import cast

import numpy as np
from numpy.typing import NDArray

_VARINT, _BYTES = 0, 2
# Field numbers of onnx.proto3
_MODEL_GRAPH, _MODEL_METADATA = 7, 14
_GRAPH_INITIALIZER, _GRAPH_OUTPUT, _GRAPH_VALUE_INFO = 5, 12, 13
_TENSOR_DIMS, _TENSOR_NAME, _TENSOR_RAW = 1, 8, 9
_ENTRY_KEY, _ENTRY_VALUE = 1, 2
_SYMBOLS = frozenset("€£$¥¢§°±×÷·•…–—‘’‚“”„«»‹›†‡‰™©®№≤≥≈≠→←↑↓■□●○✓✔☐☑²³¹½¼¾")


class UnknownModel(Exception):
    """The file is not built as the recogniser that this module knows; it has to be used whole."""


def cut_to_latin(model: bytes) -> bytes:
    """The ONNX model with blank, space, Latin letters, Greek, digits and symbols only.

    Raises UnknownModel when the last layer is not one matrix and one bias over the listed characters.
    """
    fields = list(_fields(model))
    listed = _characters(fields)
    kept_characters = [index for index, character in enumerate(listed) if _is_kept(character)]
    classes = len(listed) + 2  # the CTC blank comes first and the space last, neither is listed
    kept = np.array([0, *(index + 1 for index in kept_characters), classes - 1])
    edited = []
    for number, wire, value in fields:
        if number == _MODEL_GRAPH and wire == _BYTES:
            edited.append(_field(number, _cut_graph(cast(bytes, value), classes, kept)))
        elif number == _MODEL_METADATA and _entry(cast(bytes, value))[0] == b"character":
            text = "\n".join(listed[index] for index in kept_characters).encode()
            edited.append(_field(number, _field(_ENTRY_KEY, b"character") + _field(_ENTRY_VALUE, text)))
        else:
            edited.append(_field(number, value) if wire == _BYTES else _number_field(number, cast(int, value)))
    return b"".join(edited)


def with_characters(model: bytes, characters: Iterable[str]) -> bytes:
    """The model with the characters listed in it. Protobuf messages are joined by writing one after the other."""
    text = "\n".join(characters).encode()
    return model + _field(_MODEL_METADATA, _field(_ENTRY_KEY, b"character") + _field(_ENTRY_VALUE, text))


def characters_of(model: bytes) -> list[str]:
    """What the classes between blank and space stand for. Raises UnknownModel when the model does not list it."""
    return _characters(list(_fields(model)))


def _is_kept(character: str) -> bool:
    if len(character) != 1:
        return False
    return (
        character.isascii()
        or character in _SYMBOLS
        or unicodedata.name(character, "").startswith(("LATIN ", "GREEK "))
        or unicodedata.category(character) == "Sc"
    )


def _characters(fields: list[tuple[int, int, int | bytes]]) -> list[str]:
    for number, wire, value in fields:
        if number == _MODEL_METADATA and wire == _BYTES:
            key, text = _entry(cast(bytes, value))
            if key == b"character":
                return text.decode().splitlines()
    raise UnknownModel("The model does not list its characters.")


def _cut_graph(graph: bytes, classes: int, kept: NDArray[np.intp]) -> bytes:
    edited = []
    matrices = biases = 0
    for number, wire, value in _fields(graph):
        if wire != _BYTES:
            edited.append(_number_field(number, cast(int, value)))
            continue
        part = cast(bytes, value)
        if number == _GRAPH_INITIALIZER:
            dims = [dim for key, _, dim in _fields(part) if key == _TENSOR_DIMS]
            if dims and dims[-1] == classes:
                matrices += len(dims) == 2
                biases += len(dims) == 1
                part = _cut_tensor(part, cast(list[int], dims), kept)
        elif number in {_GRAPH_OUTPUT, _GRAPH_VALUE_INFO}:
            # The shape's last dimension, in a varint padded to the old one's length so that no length changes.
            part = part.replace(b"\x08" + _varint(classes), b"\x08" + _padded(len(kept), len(_varint(classes))))
        edited.append(_field(number, part))
    if (matrices, biases) != (1, 1):
        raise UnknownModel("The model's last layer is not one matrix and one bias.")
    return b"".join(edited)


def _cut_tensor(tensor: bytes, dims: list[int], kept: NDArray[np.intp]) -> bytes:
    edited = []
    for number, wire, value in _fields(tensor):
        if number == _TENSOR_DIMS:
            continue
        if number == _TENSOR_RAW:
            columns = np.frombuffer(cast(bytes, value), np.float32).reshape(dims)[..., kept]
            edited.append(_field(number, np.ascontiguousarray(columns).tobytes()))
        else:
            edited.append(_field(number, value) if wire == _BYTES else _number_field(number, cast(int, value)))
    new_dims = [*dims[:-1], len(kept)]
    return b"".join([*(_number_field(_TENSOR_DIMS, dim) for dim in new_dims), *edited])


def _entry(entry: bytes) -> tuple[bytes, bytes]:
    parts = {number: cast(bytes, value) for number, wire, value in _fields(entry) if wire == _BYTES}
    return parts.get(_ENTRY_KEY, b""), parts.get(_ENTRY_VALUE, b"")


def _fields(message: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """(field number, wire type, value) of a protobuf message of numbers and length-delimited fields."""
    position = 0
    while position < len(message):
        key, position = _read_varint(message, position)
        number, wire = key >> 3, key & 7
        length, position = _read_varint(message, position)
        if wire == _VARINT:
            yield number, wire, length
        elif wire == _BYTES:
            yield number, wire, message[position : position + length]
            position += length
        else:
            raise UnknownModel("The model has fields of a kind that ONNX files do not use.")


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def _padded(value: int, length: int) -> bytes:
    out = bytearray(_varint(value))
    while len(out) < length:
        out[-1] |= 128
        out.append(0)
    return bytes(out)


def _field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return _number_field(number, value)
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _number_field(number: int, value: int) -> bytes:
    return _varint(number << 3 | _VARINT) + _varint(value)
