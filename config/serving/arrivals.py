"""A request as it arrives, byte by byte: complete, still to come, or refused before anybody works for it."""

import re
from dataclasses import dataclass, field
from http import HTTPStatus

HEAD_SECONDS, BODY_SECONDS = 10.0, 60.0
LARGEST_HEAD = 32 * 1024
# A webhook has up to 1 MiB; evidence for a dispute up to 5 MB, from somebody who is signed in.
LARGEST_BODY, LARGEST_UPLOAD = 1024 * 1024 + 64 * 1024, 6 * 1024 * 1024
HEAD_ENDS, CHUNKS_END = b"\r\n\r\n", b"0\r\n\r\n"

PROBES = re.compile(rb"(?:GET|HEAD) /(?:healthz|readyz|metrics)[ ?]")
UPLOADS = re.compile(rb"POST /admin/")
LENGTH = re.compile(rb"\r\ncontent-length[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
CODING = re.compile(rb"\r\ntransfer-encoding[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
SESSION = re.compile(rb"\r\ncookie[ \t]*:[^\r\n]*sessionid=", re.IGNORECASE)
EXPECTS = re.compile(rb"\r\nexpect[ \t]*:[ \t]*100-continue", re.IGNORECASE)


class Refusal(Exception):
    """The request isn't read to its end."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status.phrase)
        self.status = status

    @property
    def answer(self) -> bytes:
        first = f"HTTP/1.1 {self.status} {self.status.phrase}"
        return f"{first}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()


@dataclass
class Arrival:
    """`until` is when it has to be complete; times are by a clock that only counts."""

    began: float
    until: float = field(init=False)
    data: bytearray = field(default_factory=bytearray)
    needs: int | None = None
    is_chunked: bool = False

    def __post_init__(self) -> None:
        self.until = self.began + HEAD_SECONDS

    def add(self, received: bytes, *, now: float) -> bool:
        """Add what came; True once the request is complete. Raises Refusal."""
        begins = max(len(self.data) - len(HEAD_ENDS), 0)
        self.data += received
        if self.needs is None:
            self._look_for_head(begins, now)
        if self.needs is None:
            return False
        if self.is_chunked:
            _refuse_if(len(self.data) > self.needs, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return self.data.endswith(CHUNKS_END)
        return len(self.data) >= self.needs

    @property
    def is_probe(self) -> bool:
        """Whether an operator's machine asks how we are: it never waits behind customers."""
        return bool(PROBES.match(self.data))

    @property
    def waits_for_word(self) -> bool:
        """Whether the client sends its body only once we say so."""
        return self.needs is not None and bool(EXPECTS.search(self.data, 0, LARGEST_HEAD))

    def _look_for_head(self, begins: int, now: float) -> None:
        end = self.data.find(HEAD_ENDS, begins)
        _refuse_if(end < 0 and len(self.data) > LARGEST_HEAD, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        _refuse_if(end > LARGEST_HEAD, HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if end >= 0:
            head = bytes(self.data[: end + 2])
            self.needs = end + len(HEAD_ENDS) + self._body_of(head)
            self.until = now + BODY_SECONDS

    def _body_of(self, head: bytes) -> int:
        """How long the body is, or may be at most when it comes in chunks."""
        largest = LARGEST_UPLOAD if UPLOADS.match(head) and SESSION.search(head) else LARGEST_BODY
        codings, lengths = CODING.findall(head), set(LENGTH.findall(head))
        if codings:
            is_plain = [coding.strip().lower() for coding in codings] == [b"chunked"] and not lengths
            _refuse_if(not is_plain, HTTPStatus.BAD_REQUEST)
            self.is_chunked = True
            return largest
        if not lengths:
            return 0
        length = lengths.pop().strip()
        _refuse_if(bool(lengths) or not length.isdigit(), HTTPStatus.BAD_REQUEST)
        _refuse_if(len(length) > 12 or int(length) > largest, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return int(length)


def _refuse_if(wrong: bool, status: HTTPStatus) -> None:
    if wrong:
        raise Refusal(status)
