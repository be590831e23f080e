"""A page to play the phone's and the bank's part by hand; plain forms, nothing from outside."""

from sandbox.machine import Machine
from sandbox.wire import Request, Response


def answer(machine: Machine, request: Request) -> Response:
    return Response(200, b"<!doctype html><title>Sandbox</title>", "text/html; charset=utf-8")
