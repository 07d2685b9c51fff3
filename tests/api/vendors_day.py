"""The vendor's day by the client that openapi-python-client makes of the description."""

import json
import os
from uuid import uuid4

from keystead_client import AuthenticatedClient
from keystead_client.api.catalog import (
    create_edition,
    create_keys,
    create_policy,
    create_product,
    list_products,
)
from keystead_client.api.licenses import list_licenses, reissue_key, resume_license, suspend_license
from keystead_client.api.validation import validate
from keystead_client.models import (
    EditionRequest,
    KeyBatchRequest,
    PolicyRequest,
    PolicyRules,
    Problem,
    ProductRequest,
    Reason,
    LicenseStatusName,
    State,
    ValidationRequestType2,
)

api = AuthenticatedClient(base_url=os.environ["URL"], token=os.environ["TOKEN"], raise_on_unexpected_status=True)


def once():
    return str(uuid4())


def given(answer):
    assert not isinstance(answer, Problem), answer
    return answer


product = ProductRequest(slug="video", name="Video")
assert given(create_product.sync(client=api, idempotency_key=once(), body=product)).id.startswith("prd_")
edition = EditionRequest(slug="pro", name="Video Pro", features=["export"])
assert given(create_edition.sync("video", client=api, idempotency_key=once(), body=edition)).product == "video"
policy = PolicyRequest(slug="retail", rules=PolicyRules(seats=3))
assert given(create_policy.sync("video", client=api, idempotency_key=once(), body=policy)).rules.seats == 3
assert "video" in {product.slug for product in given(list_products.sync(client=api))}

batch = KeyBatchRequest(edition="pro", policy="retail", count=5)
lines = map(json.loads, given(create_keys.sync("video", client=api, body=batch)).splitlines())
assert len([key for line in lines for key in line.get("keys", [])]) == 5

license = given(list_licenses.sync(client=api, limit=10)).items[0]
why = {"client": api, "body": Reason(reason="Chargeback")}
suspended = given(suspend_license.sync(license.id, idempotency_key=once(), **why))
assert suspended.status == LicenseStatusName.SUSPENDED
asked = ValidationRequestType2(activation=os.environ["ACTIVATION"])
known = given(validate.sync(client=api, body=asked)).validation
assert (known.valid, known.state) == (False, State.SUSPENDED)
assert given(resume_license.sync(license.id, idempotency_key=once(), **why)).status == LicenseStatusName.ACTIVE
assert given(validate.sync(client=api, body=asked)).validation.valid
assert given(reissue_key.sync(license.id, idempotency_key=once(), **why)).product_key != os.environ["KEY"]

again = create_product.sync(client=api, idempotency_key=once(), body=product)
assert isinstance(again, Problem) and (again.status, again.code) == (409, "already_exists")
wrong = ProductRequest(slug="Not a slug", name="Video")
wrong = create_product.sync(client=api, idempotency_key=once(), body=wrong)
assert isinstance(wrong, Problem) and (wrong.status, wrong.code) == (422, "value_not_allowed")
stranger = AuthenticatedClient(base_url=os.environ["URL"], token="kst_none")
refused = list_products.sync(client=stranger)
assert isinstance(refused, Problem) and (refused.status, refused.code) == (401, "token_expired")
print("openapi-python-client: the vendor's day is done")
