"""Form bodies and query strings with Stripe's nested names: `a[b][c]=`, `a[]=`, `a[0]=`."""

import re
from typing import Any
from urllib.parse import parse_qsl

from sandbox.store.shelf import Obj

_PARTS = re.compile(r"\[([^\]]*)\]")


def decode(text: str) -> Obj:
    """A nested dict; numbered and empty brackets become lists, values stay text."""
    root: Obj = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        _put(root, name, value)
    return {name: _lists(value) for name, value in root.items()}


def _put(root: Obj, name: str, value: Any) -> None:
    head = name.partition("[")[0]
    parts = [head, *_PARTS.findall(name[len(head) :])]
    place = root
    for part in parts[:-1]:
        inner = place.setdefault(part or str(len(place)), {})
        if not isinstance(inner, dict):
            inner = place[part] = {}
        place = inner
    place[parts[-1] or str(len(place))] = value


def _lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    items = {name: _lists(inner) for name, inner in value.items()}
    if items and all(name.isdigit() for name in items):
        return [items[name] for name in sorted(items, key=int)]
    return items


def decode_multipart(body: bytes, content_type: str) -> Obj:
    """Fields as text, files as `(filename, content)`."""
    boundary = content_type.partition("boundary=")[2].strip('"').encode()
    root: Obj = {}
    for part in body.split(b"--" + boundary)[1:-1]:
        head, _, content = part[2:-2].partition(b"\r\n\r\n")
        words = dict(re.findall(r'(\w+)="([^"]*)"', head.decode("utf-8", "replace")))
        is_file = "filename" in words
        value = (words["filename"], content) if is_file else content.decode("utf-8", "replace")
        _put(root, words.get("name", ""), value)
    return {name: _lists(value) for name, value in root.items()}
