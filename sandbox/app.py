"""Which of the three parts a request is for: the page, the control calls, Stripe's API."""

from sandbox import api
from sandbox.control import control, page
from sandbox.machine import Machine
from sandbox.wire import App, Request, Response


def app_for(machine: Machine) -> App:
    """The application that the server runs."""

    def app(request: Request) -> Response | None:
        if request.path.startswith("/_control/"):
            return control.answer(machine, request)
        if request.path == "/" or request.path.startswith("/_page/"):
            return page.answer(machine, request)
        return api.answer(machine, request)

    return app
