"""Objects of one kind, oldest first, found by id or by an indexed field."""

from bisect import insort
from typing import Any

Obj = dict[str, Any]


class Shelf:
    """Indexed fields change by `reindex` only."""

    def __init__(self, kind: str, *indexed: str) -> None:
        self.kind = kind
        self.indexed = indexed
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self.rows: list[Obj] = []
        self.serials: dict[str, int] = {}
        self._by_id: dict[str, Obj] = {}
        self._index: dict[tuple[str, str | None], list[Obj]] = {}

    def add(self, obj: Obj) -> Obj:
        """Put a new object at the end."""
        self.serials[obj["id"]] = len(self.serials)
        self._by_id[obj["id"]] = obj
        self.rows.append(obj)
        for name in self.indexed:
            self._index.setdefault((name, obj[name]), []).append(obj)
        return obj

    def get(self, id_: str) -> Obj | None:
        """The object itself, not a copy."""
        return self._by_id.get(id_)

    def reindex(self, obj: Obj, name: str, value: str | None) -> None:
        """Change an indexed field."""
        self._index[name, obj[name]].remove(obj)
        obj[name] = value
        rows = self._index.setdefault((name, value), [])
        insort(rows, obj, key=lambda row: self.serials[row["id"]])

    def remove(self, id_: str) -> None:
        """Take an object off a shelf without indexes."""
        self.rows.remove(self._by_id.pop(id_))

    def where(self, **wanted: str | None) -> list[Obj]:
        """All objects with these values, oldest first; None means any value."""
        asked = {name: value for name, value in wanted.items() if value is not None}
        rows = self.rows
        for name in self.indexed:
            if name in asked:
                rows = self._index.get((name, asked.pop(name)), [])
                break
        if not asked:
            return rows
        return [row for row in rows if all(row.get(name) == value for name, value in asked.items())]
