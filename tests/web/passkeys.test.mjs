// Signing in without a name and a password, with Chromium's virtual authenticator.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, letter, link, look, open } from "./browser.mjs";
import { PASSWORD, setUpApp, signUp } from "./keystead.mjs";

const EMAIL = "passkey@example.org";
let browser;
let page;
let authenticator;

/** An authenticator built into the device, whose owner is there. */
async function withAuthenticator(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true };
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", { options });
  const send = (method, rest) => devtools.send(`WebAuthn.${method}`, { authenticatorId, ...rest });
  return {
    credentials: async () => (await send("getCredentials")).credentials,
    add: (credential) => send("addCredential", { credential }),
    forget: () => send("clearCredentials"),
    ownerIsThere: (enabled) => send("setAutomaticPresenceSimulation", { enabled }),
    ownerIsVerified: (isUserVerified) => send("setUserVerified", { isUserVerified }),
  };
}

const heading = (text) => page.getByRole("heading", { name: text, level: 1 }).waitFor();
const press = (name) => page.getByRole("button", { name, exact: true }).click();

/** Whether the browser offers passkeys where it fills in addresses; one that does not has the button only. */
let offered = true;
const offersByItself = (yes) => (offered = yes);

async function signOut() {
  await press("Sign out");
  await heading("Sign in");
}

before(async () => {
  browser = await launch();
  page = await open(browser);
  authenticator = await withAuthenticator(page);
  // Kept here and not in the page: signing out clears what pages stored.
  await page.exposeFunction("passkeysOffered", () => offered);
  await page.addInitScript(() => {
    const available = PublicKeyCredential.isConditionalMediationAvailable.bind(PublicKeyCredential);
    PublicKeyCredential.isConditionalMediationAvailable = async () => (await window.passkeysOffered()) && available();
  });
  await signUp(page, EMAIL);
});
after(() => browser.close());

async function addPasskey(name) {
  const card = page.locator("#passkey-add");
  await card.getByLabel("Passkey name").fill(name);
  await card.getByLabel("Password").fill(PASSWORD);
  await press("Add passkey");
}

test("adds a passkey, which the authenticator can find by itself", async () => {
  await page.goto("/security");
  await page.getByText("No passkeys yet").waitFor();
  await addPasskey("My laptop");
  await page.getByText("My laptop").waitFor();
  await look(page, "security-passkey");
  const [credential] = await authenticator.credentials();
  assert.equal(credential.isResidentCredential, true);
  assert.match((await letter(EMAIL, /sign-in options/)).text, /A passkey was added/);
});

test("is not given a second passkey by the same authenticator", async () => {
  await addPasskey("Once more");
  await page.getByText("Your browser didn't create a passkey.").waitFor();
  assert.equal((await authenticator.credentials()).length, 1);
});

test("is offered the passkey where the browser fills in the address", async () => {
  // The page where one signs in is gone as soon as it is there.
  await press("Sign out");
  await heading("Hello, Person");
});

test("signs in by the button, and sees when the passkey was used", async () => {
  await offersByItself(false);
  await signOut();
  await look(page, "sign-in-passkey");
  await press("Sign in with a passkey");
  await heading("Hello, Person");
  await page.goto("/security");
  await page.getByText(/Last used/).waitFor();
});

test("is refused without a finger on the sensor, and goes on with the password", async () => {
  await authenticator.ownerIsVerified(false);
  await signOut();
  await press("Sign in with a passkey");
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password").fill(PASSWORD);
  await press("Sign in");
  await heading("Hello, Person");
  await authenticator.ownerIsVerified(true);
});

test("an answer serves once, and one that was changed not at all", async () => {
  const thief = await open(browser);
  const stolen = await withAuthenticator(thief);
  for (const credential of await authenticator.credentials()) await stolen.add({ ...credential, backupEligibility: undefined, backupState: undefined });
  await thief.goto("/sign-up");
  const answer = await thief.evaluate(async () => {
    const { publicKey, ceremony } = await (await fetch("/sign-in/passkey/options", { method: "POST" })).json();
    const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
    const credential = await navigator.credentials.get({ publicKey: options });
    return { ceremony, answer: JSON.stringify(credential.toJSON()) };
  });
  const post = (form) => thief.request.post("/sign-in/passkey", { form, maxRedirects: 0 });
  const changed = JSON.parse(answer.answer);
  changed.response.userHandle = changed.response.userHandle.replace(/^./, (first) => (first === "A" ? "B" : "A"));
  assert.equal((await post({ ...answer, answer: JSON.stringify(changed) })).status(), 401, "somebody else's account");
  assert.equal((await post({ ...answer, ceremony: answer.ceremony.replace(/.$/, "_") })).status(), 401, "a made-up challenge");
  assert.equal((await post(answer)).status(), 303);
  const again = await post(answer);
  assert.equal(again.status(), 401, "shown twice");
  assert.match(await again.text(), /passkey_refused/);
});

test("takes the passkey away, with the password", async () => {
  await page.goto("/security");
  await page.getByLabel("Remove passkey My laptop").click();
  const card = page.locator("details:has(form[action*=passkeys])");
  await card.getByLabel("Password").fill("not the password");
  await card.getByRole("button", { name: "Remove" }).click();
  await page.getByText("password_wrong").waitFor();
  await page.getByLabel("Remove passkey My laptop").click();
  await card.getByLabel("Password").fill(PASSWORD);
  await card.getByRole("button", { name: "Remove" }).click();
  await page.getByText("No passkeys yet").waitFor();
  assert.match((await letter(EMAIL, /sign-in options/)).text, /A passkey was removed/);
  await offersByItself(true);
  await press("Sign out");
  await page.getByText("passkey_refused").waitFor();
});

test("a passkey that was refused is not tried again until the button is pressed", async () => {
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.getByLabel("Email address").fill(EMAIL);
  await page.getByLabel("Password").fill("typed without being interrupted");
  assert.deepEqual(asked, []);
  await Promise.all([page.waitForResponse("**/sign-in/passkey"), press("Sign in with a passkey")]);
  await page.getByText("passkey_refused").waitFor();
});

test("stands for password and second factor, so adding it takes both, and recovery removes it", async () => {
  page = await open(browser);
  const mine = await withAuthenticator(page);
  await signUp(page, "both@example.org");
  const codes = await setUpApp(page);
  const add = async (password, code) => {
    await mine.forget();
    await page.goto("/security");
    const card = page.locator("#passkey-add");
    await card.getByLabel("Password").fill(password);
    await card.getByLabel("Code").fill(code);
    await press("Add passkey");
  };
  await add("not the password", codes[0]);
  await page.getByText("password_wrong").waitFor();
  await add(PASSWORD, "000000");
  await page.getByText("code_wrong").waitFor();
  await add(PASSWORD, codes[0]);
  await page.getByText("Added just now").waitFor();
  await press("Sign out");
  await heading("Hello, Person");

  await mine.ownerIsThere(false);
  await signOut();
  await page.goto("/recover");
  await page.getByLabel("Email address").fill("both@example.org");
  await press("Send email");
  await page.goto(link(await letter("both@example.org", /Choose a new password/)));
  await page.getByLabel("New password").fill("a green kettle under the stairs");
  await press("Change password");
  await page.getByLabel("New password").fill("a green kettle under the stairs");
  await page.getByLabel("Verification code", { exact: true }).fill(codes[1]);
  await press("Change password");
  await heading("Hello, Person");
  await page.goto("/security");
  await page.getByText("No passkeys yet").waitFor();
});
