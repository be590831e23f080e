"""Made-up requests of every kind, made from the schema: no 5xx, and every answer as the schema says."""

from typing import Any

import pytest
import schemathesis
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bookings.models import Booking, Service
from config.tests.world import Customer
from config.wsgi import application

pytestmark = pytest.mark.once

schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))  # type: ignore[no-untyped-call]
schema.app = application


@pytest.mark.django_db(transaction=True)
@schema.parametrize()
@schema.given(mine=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_request_gets_more_than_the_contract(
    case: schemathesis.Case[Any], mine: bool, customer: Customer, paid: Booking, service: Service
) -> None:
    if mine and "reference" in case.path_parameters:
        case.path_parameters["reference"] = paid.reference
    case.call_and_validate(headers=customer.headers, excluded_checks=[positive_data_acceptance])
