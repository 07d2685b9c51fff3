// An authorization server that this project did not write, to know that a red test is ours.
import { createServer } from "node:http";

import Provider from "oidc-provider";

const SECRET = "a secret that is long enough to be one";
const PUBLIC = {
  application_type: "native",
  redirect_uris: ["http://127.0.0.1/callback"],
  grant_types: ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
  response_types: ["code"],
};

export async function start({ port, url }, clients = []) {
  const server = createServer().listen(port, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  // MSAL refuses an issuer without a path.
  const issuer = `${url}/op`;
  const provider = new Provider(issuer, {
    clients: [
      ...clients,
      // oidc-agent names itself by HTTP's Basic scheme, which is for clients with a secret here.
      { ...PUBLIC, client_id: "agent", client_secret: SECRET, token_endpoint_auth_method: "client_secret_basic" },
      { ...PUBLIC, client_id: "calibration", token_endpoint_auth_method: "none" },
    ],
    features: { deviceFlow: { enabled: true }, dPoP: { enabled: true }, revocation: { enabled: true }, userinfo: { enabled: true } },
    claims: { openid: ["sub", "tid", "oid"], email: ["email"], profile: ["name"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, tid: "tenant", oid: `object of ${id}`, email: `${id}@example.org`, name: "Person" }) }),
    issueRefreshToken: () => true,
    scopes: ["openid", "offline_access"],
    conformIdTokenClaims: false,
    ttl: { DeviceCode: 600, AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600, RefreshToken: 600, AuthorizationCode: 60 },
    cookies: { keys: ["calibration"] },
  });
  provider.proxy = url.startsWith("https:");
  const handle = provider.callback();
  server.on("request", (request, response) => {
    request.originalUrl = request.url;
    request.url = request.url.replace(/^\/op(?=\/)/, "");
    handle(request, response);
  });
  const click = (page, name) => page.getByRole("button", { name }).click();
  return {
    issuer,
    clientId: "calibration",
    agent: { clientId: "agent", clientSecret: SECRET },
    async allow(page, login = "person") {
      await page.getByPlaceholder("Enter any login").fill(login);
      await page.getByPlaceholder("and password").fill("any");
      await click(page, "Sign-in");
      await click(page, "Continue");
    },
    async typeCode(page, code) {
      await page.getByPlaceholder("Enter code").fill(code);
      await click(page, "Continue");
    },
    async approveDevice(page) {
      await click(page, "Continue").catch(() => {});
      await this.allow(page);
    },
    stop: () => server.close(),
  };
}
