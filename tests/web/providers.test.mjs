// Signing in with accounts at other providers; the provider is a server that this project did not write.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, letter, look, open } from "./browser.mjs";
import { start } from "./calibration.mjs";
import { PASSWORD, setUpApp, signUp } from "./keystead.mjs";

const EMAIL = "elsewhere@example.org";
const { URL: url, UPSTREAM: port } = process.env;
let browser;
let page;
let upstream;

const heading = (text) => page.getByRole("heading", { name: text, level: 1 }).waitFor();
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const follow = (name) => page.getByRole("link", { name, exact: true }).click();

function client(id) {
  return {
    client_id: id,
    client_secret: `the secret of ${id}, long enough to be one`,
    redirect_uris: [`${url}/sign-in/from/${id}`],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  };
}

before(async () => {
  browser = await launch();
  upstream = await start({ port: Number(port), url: `http://localhost:${port}` }, [client("example"), client("office")]);
  page = await open(browser);
});
after(async () => {
  await browser.close();
  upstream.stop();
});

async function forgetUpstream() {
  await page.context().clearCookies({ name: /_session|_interaction/ });
}

async function linkAccount(name) {
  await page.goto("/security");
  await page.getByText(`Link ${name}`).click();
  const card = page.locator("details[open]");
  await card.getByLabel("Password").fill(PASSWORD);
  await card.getByRole("button", { name: "Continue" }).click();
  await heading("Continue with your provider");
}

test("an account elsewhere opens nothing by having the same address", async () => {
  await signUp(page, EMAIL);
  await press("Sign out");
  await look(page, "sign-in-providers");
  await follow("Sign in with Example ID");
  await upstream.allow(page, "elsewhere");
  await page.getByText("upstream_unknown").waitFor();
  await look(page, "sign-in-provider-unknown");
});

test("links an account elsewhere after the password, and is told by letter", async () => {
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await press("Sign in");
  await heading("Hello, Person");
  await forgetUpstream();
  await linkAccount("Example ID");
  await look(page, "provider-go");
  await follow("Continue");
  await upstream.allow(page, "somebody");
  await heading("Sign-in and security");
  await page.getByText("somebody@example.org").waitFor();
  await look(page, "security-provider");
  assert.match((await letter(EMAIL, /sign-in options/)).text, /A sign-in with another provider was linked/);
});

test("signs in there, and comes back to where it wanted to go", async () => {
  await press("Sign out");
  await forgetUpstream();
  await page.goto("/sign-in?next=/devices");
  await follow("Sign in with Example ID");
  await upstream.allow(page, "somebody");
  await heading("Devices and licenses");
});

test("Entra's users are known by their object id", async () => {
  await forgetUpstream();
  await linkAccount("Office ID");
  await follow("Continue");
  await upstream.allow(page, "worker");
  await page.getByText("worker@example.org").waitFor();
  await press("Sign out");
  await forgetUpstream();
  await follow("Sign in with Office ID");
  await upstream.allow(page, "worker");
  await heading("Hello, Person");
});

test("stands for the password only: the second factor is asked for", async () => {
  const codes = await setUpApp(page);
  await page.goto("/");
  await press("Sign out");
  await forgetUpstream();
  await follow("Sign in with Example ID");
  await upstream.allow(page, "somebody");
  await heading("One more step");
  await page.getByLabel("Verification code", { exact: true }).fill(codes[0]);
  await press("Continue");
  await heading("Hello, Person");
  await page.goto("/security");
  await page.getByText("Turn off").first().click();
  const card = page.locator("#totp");
  await card.getByLabel("Password").fill(PASSWORD);
  await card.getByLabel("Code").fill(codes[1]);
  await card.getByRole("button", { name: "Turn off" }).click();
  await page.getByText("Set up authenticator app").waitFor();
});

test("whoever changes their mind at the provider is told so", async () => {
  await press("Sign out");
  await forgetUpstream();
  await page.goto("/sign-in/with/example");
  const state = new URL(page.url()).searchParams.get("state") ?? "";
  await page.goto(`/sign-in/from/example?error=access_denied&state=${state}`);
  await page.getByText("upstream_refused").waitFor();
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await press("Sign in");
  await heading("Hello, Person");
});

test("who comes back must be who went, with what the provider gave", async () => {
  await press("Sign out");
  await forgetUpstream();
  await follow("Sign in with Example ID");
  const mark = (await page.context().cookies()).find(({ name }) => name.endsWith("-departure"));
  assert.deepEqual([mark.name, mark.secure, mark.httpOnly, mark.sameSite], ["__Host-keystead-departure", true, true, "Lax"]);
  await page.context().clearCookies({ name: mark.name });
  await upstream.allow(page, "somebody");
  await page.getByText("upstream_refused").waitFor();
  const address = page.url();
  await page.context().addCookies([mark]);
  const come = (to) => page.request.get(to, { maxRedirects: 0 });
  for (const wrong of [address.replace("/from/example", "/from/office"), address.replace(/code=[^&]+/, "code=nonsense"), address.replace(/state=[^&]+/, "state=nonsense")]) {
    const answer = await come(wrong);
    assert.equal(answer.status(), 401, wrong);
    assert.match(await answer.text(), /upstream_refused/);
  }
  assert.equal((await come(address)).status(), 303);
  await page.context().addCookies([mark]);
  assert.notEqual((await come(address)).status(), 303, "once only");
});

test("unlinks the account elsewhere, which opens nothing any more", async () => {
  await page.goto("/security");
  await page.getByLabel("Remove somebody@example.org").click();
  const card = page.locator("details[open]");
  await card.getByLabel("Password").fill(PASSWORD);
  await card.getByRole("button", { name: "Remove" }).click();
  await page.getByText("worker@example.org").waitFor();
  assert.equal(await page.getByText("somebody@example.org").count(), 0);
  await press("Sign out");
  await forgetUpstream();
  await follow("Sign in with Example ID");
  await upstream.allow(page, "somebody");
  await page.getByText("upstream_unknown").waitFor();
});
