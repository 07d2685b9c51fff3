"""Signs in with Authlib: prints where the browser must go, reads where it arrived, and uses the tokens."""

import os
import sys

from authlib.integrations.requests_client import OAuth2Session
from authlib.common.security import generate_token

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
issuer, client_id = os.environ["ISSUER"], os.environ["CLIENT_ID"]
session = OAuth2Session(
    client_id,
    scope="openid email offline_access",
    redirect_uri=os.environ["REDIRECT"],
    code_challenge_method="S256",
    token_endpoint_auth_method="none",
)
server = session.get(f"{issuer}/.well-known/openid-configuration", withhold_token=True).json()
verifier = generate_token(48)
url, state = session.create_authorization_url(
    server["authorization_endpoint"], code_verifier=verifier, prompt="consent"
)
print(url, flush=True)
arrived = sys.stdin.readline().strip()
session.fetch_token(
    server["token_endpoint"], authorization_response=arrived, code_verifier=verifier, state=state
)
email = session.get(server["userinfo_endpoint"]).json()["email"]
session.refresh_token(server["token_endpoint"])
assert session.get(server["userinfo_endpoint"]).json()["email"] == email
print(f"signed in as {email}, refreshed")
