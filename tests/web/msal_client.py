"""Signs in with MSAL by a device code: prints where the person must go, waits, and renews the tokens."""

import os

import msal

client = msal.PublicClientApplication(os.environ["CLIENT_ID"], oidc_authority=os.environ["ISSUER"])
flow = client.initiate_device_flow(scopes=["email"])
print(flow["verification_uri_complete"], flush=True)
tokens = client.acquire_token_by_device_flow(flow)
assert "access_token" in tokens, tokens
account = client.get_accounts()[0]
fresh = client.acquire_token_silent(["email"], account=account, force_refresh=True)
assert fresh["access_token"] != tokens["access_token"]
print(f"signed in as {tokens['id_token_claims']['sub']}, refreshed")
