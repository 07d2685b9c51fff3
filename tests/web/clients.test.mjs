// Signing in with clients that this project did not write, each first against another server.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";

import * as oauth from "openid-client";

import { launch, look, open } from "./browser.mjs";
import { start } from "./calibration.mjs";
import { signUp, target } from "./keystead.mjs";
import * as oidcAgent from "./oidc_agent.mjs";

const EMAIL = "client@example.org";
let browser;

before(async () => {
  browser = await launch();
});
after(() => browser.close());

/** A native application's loopback address (RFC 8252, section 7.3); `arrived` is where the browser came to. */
async function loopback() {
  let arrive;
  const arrived = new Promise((done) => (arrive = done));
  const server = createServer((request, response) => {
    if (request.url.startsWith("/callback")) arrive(new URL(request.url, address));
    response.end("You can close this page.");
  }).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const address = `http://127.0.0.1:${server.address().port}/callback`;
  return { address, arrived, close: () => server.close() };
}

/** A client from PyPI; what it prints first is where the browser must go. */
const python = (script, env) => promisify(execFile)(process.env.PYTHON, [script], { env: { ...process.env, ...env } });
const firstLine = async (script) => String((await once(script.child.stdout, "data"))[0]).trim();

const sides = [
  { name: "calibration against oidc-provider", prepare: () => start(JSON.parse(process.env.CALIBRATION)) },
  {
    name: "Keystead",
    async prepare(page) {
      await signUp(page, EMAIL);
      return target;
    },
  },
];

for (const side of sides) {
  describe(side.name, () => {
    let page;
    let server;
    let config;

    before(async () => {
      page = await open(browser);
      server = await side.prepare(page);
      config = await oauth.discovery(new URL(server.issuer), server.clientId, undefined, oauth.None(), {
        execute: [oauth.allowInsecureRequests],
      });
    });
    after(() => server.stop());

    async function signIn(options) {
      const here = await loopback();
      const verifier = oauth.randomPKCECodeVerifier();
      const [state, nonce] = [oauth.randomState(), oauth.randomNonce()];
      const to = oauth.buildAuthorizationUrl(config, {
        redirect_uri: here.address,
        scope: "openid email offline_access",
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: "S256",
        prompt: "consent",
        state,
        nonce,
      });
      await page.context().clearCookies({ name: /_session|_interaction/ });
      await page.goto(to.href);
      if (server === target && !options) await look(page, "authorize");
      await server.allow(page);
      const callback = await here.arrived;
      here.close();
      const expected = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true };
      return oauth.authorizationCodeGrant(config, callback, expected, undefined, options);
    }

    test("openid-client: code with PKCE, user info, refresh, revocation", async () => {
      const tokens = await signIn();
      const { sub } = tokens.claims();
      const info = await oauth.fetchUserInfo(config, tokens.access_token, sub);
      assert.match(info.email, /@example\.org$/);
      const fresh = await oauth.refreshTokenGrant(config, tokens.refresh_token);
      assert.notEqual(fresh.access_token, tokens.access_token);
      await oauth.fetchUserInfo(config, fresh.access_token, sub);
      await oauth.tokenRevocation(config, fresh.refresh_token);
      await assert.rejects(oauth.refreshTokenGrant(config, fresh.refresh_token), { error: "invalid_grant" });
    });

    test("openid-client: DPoP binds the tokens to a key", async () => {
      const DPoP = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair("ES256"));
      const tokens = await signIn({ DPoP });
      assert.equal(tokens.token_type, "dpop");
      const { sub } = tokens.claims();
      await oauth.fetchUserInfo(config, tokens.access_token, sub, { DPoP });
      await assert.rejects(oauth.fetchUserInfo(config, tokens.access_token, sub), "a stolen token alone is nothing");
      const thief = oauth.getDPoPHandle(config, await oauth.randomDPoPKeyPair("ES256"));
      await assert.rejects(oauth.fetchUserInfo(config, tokens.access_token, sub, { DPoP: thief }));
      await assert.rejects(oauth.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP: thief }));
      const fresh = await oauth.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP });
      await oauth.fetchUserInfo(config, fresh.access_token, sub, { DPoP });
    });

    test("openid-client: device code", async () => {
      const started = await oauth.initiateDeviceAuthorization(config, { scope: "openid email" });
      await page.context().clearCookies({ name: /_session|_interaction/ });
      await page.goto(started.verification_uri_complete);
      const [tokens] = await Promise.all([oauth.pollDeviceAuthorizationGrant(config, started), server.approveDevice(page)]);
      const info = await oauth.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
      assert.match(info.email, /@example\.org$/);
    });

    test("authlib: code with PKCE, refresh", async () => {
      const here = await loopback();
      const script = python("authlib_client.py", { ISSUER: server.issuer, CLIENT_ID: server.clientId, REDIRECT: here.address });
      await page.context().clearCookies({ name: /_session|_interaction/ });
      await page.goto(await firstLine(script));
      await server.allow(page);
      script.child.stdin.end(`${(await here.arrived).href}\n`);
      const { stdout } = await script;
      here.close();
      assert.match(stdout, /signed in as .*@example\.org, refreshed/);
    });

    test("msal: device code, refresh", async () => {
      const script = python("msal_client.py", { ISSUER: server.issuer, CLIENT_ID: server.clientId });
      await page.context().clearCookies({ name: /_session|_interaction/ });
      await page.goto(await firstLine(script));
      await server.approveDevice(page);
      assert.match((await script).stdout, /signed in as \S+, refreshed/);
    });

    test("oidc-agent: device code, refresh", async () => {
      const tokens = await oidcAgent.signIn({ ...server, ...server.agent }, async ({ address, code }) => {
        await page.context().clearCookies({ name: /_session|_interaction/ });
        await page.goto(address);
        await server.typeCode(page, code);
        await server.approveDevice(page);
      });
      assert.notEqual(tokens[0], tokens[1]);
      for (const token of tokens) {
        const info = await fetch(config.serverMetadata().userinfo_endpoint, { headers: { Authorization: `Bearer ${token}` } });
        assert.match((await info.json()).email, /@example\.org$/);
      }
    });
  });
}
