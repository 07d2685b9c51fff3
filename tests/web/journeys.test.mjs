// Every journey of a customer, in one story on one server.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";

import { launch, letter, link, look, open } from "./browser.mjs";
import { signUp, totp } from "./keystead.mjs";

const world = JSON.parse(process.env.WORLD);
const EMAIL = "person@example.org";
const PASSWORD = "violet teapot on a ladder";
const NEW_PASSWORD = "a green kettle under the stairs";

let browser;
let page;
let secret;
let recoveryCodes;

before(async () => {
  browser = await launch();
  page = await open(browser);
});

after(() => browser.close());

const heading = (text) => page.getByRole("heading", { name: text, level: 1 }).waitFor();
const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);
const press = (name) => page.getByRole("button", { name, exact: true }).click();
const follow = (name) => page.getByRole("link", { name, exact: true }).first().click();
const code = () => totp(secret);

test("creates an account from Related support, by the link in the letter", async () => {
  await page.goto("/devices");
  await heading("Sign in");
  await look(page, "sign-in");
  await follow("Create an account");
  await heading("Create an account");
  await look(page, "sign-up");
  await fill("Name", "Ada Lovelace");
  await fill("Email address", EMAIL);
  await fill("Password", PASSWORD);
  await press("Create account");
  await heading("Check your email");
  await look(page, "letter-sent");
  const written = await letter(EMAIL);
  assert.match(written.subject, /Confirm your email address - Acme Software/);
  await page.goto(link(written));
  await heading("Confirm your email address");
  await look(page, "confirm");
  await fill("Password", "the password of somebody else");
  await press("Create account");
  await page.getByText("password_wrong").waitFor();
  await fill("Password", PASSWORD);
  await press("Create account");
  await heading("Devices and licenses");
});

test("sees what to do next where there is nothing yet", async () => {
  await page.getByText("No licenses yet").waitFor();
  await look(page, "devices-empty");
  await follow("Overview");
  await heading("Hello, Ada Lovelace");
  await look(page, "overview-empty");
});

test("links a product key: a typo is named, what is stored is said before", async () => {
  await page.getByRole("link", { name: "Link a product key" }).first().click();
  await heading("Link a product key");
  await look(page, "link");
  const wrong = world.used[8] === "B" ? "C" : "B";
  await fill("Product key", world.used.slice(0, 7));
  await page.getByText("Group 2 incomplete").waitFor();
  await fill("Product key", world.used.slice(0, 8) + wrong + world.used.slice(9));
  await page.getByText("Check group 2").waitFor();
  assert.equal(await page.locator("#key-check .keys").textContent(), world.used, "what was perhaps meant");
  await look(page, "link-checked");
  await page.getByLabel("I have read this").check();
  await press("Link license");
  await page.getByText("product_key_mistyped").waitFor();
  await look(page, "link-mistyped");
  await fill("Product key", world.used);
  await press("Link license");
  await page.getByText("consent_missing").waitFor();
  await fill("Product key", world.used.toLowerCase().replaceAll("-", " "));
  await page.getByLabel("I have read this").check();
  await press("Link license");
  await heading("Studio 4 Professional");
  await page.getByText("2 of 2 seats in use").waitFor();
  await look(page, "license");
  await page.goto("/link");
  await fill("Product key", world.unused);
  await page.getByLabel("I have read this").check();
  await press("Link license");
  await heading("Render Farm Professional");
});

test("sees devices and licenses, and what a changed device needs", async () => {
  await follow("Devices and licenses");
  await page.getByText("Both seats of Studio 4 are in use.").waitFor();
  await look(page, "devices");
  const here = page.url();
  await page.getByRole("link", { name: "Activate an offline device" }).click();
  await page.getByRole("heading", { name: "Release an offline device" }).waitFor();
  await look(page, "offline");
  await follow("Use a file");
  await heading("Activate with a file");
  await look(page, "offline-file");
  await page.getByLabel("File from the device").setInputFiles({ name: "lab.req", mimeType: "text/plain", buffer: Buffer.from(world.request) });
  await page.waitForFunction((text) => document.querySelector("textarea").value === text, world.request);
  const license = page.getByRole("combobox", { name: /^License/ });
  await license.selectOption(await license.getByRole("option", { name: /^Render Farm/ }).getAttribute("value"));
  await press("Upload file");
  await heading("Take this file to the device");
  await look(page, "offline-answered");
  const [download] = await Promise.all([page.waitForEvent("download"), follow("Save license file")]);
  assert.equal(download.suggestedFilename(), "license.lic");
  assert.match(await readFile(await download.path(), "utf8"), /^-----BEGIN LICENCE-----\r?\n/);
  await page.goto(here);
  await follow("Device 2");
  await heading("Device 2");
  await page.getByText("this is the device I am using now").first().waitFor();
  await page.getByText("hardware_changed").first().waitFor();
  await look(page, "device-hardware-changed");
});

test("renames a device, and removes it after reading what that does", async () => {
  await fill("Device name", "Workshop PC");
  await press("Rename device");
  await heading("Workshop PC");
  await follow("Remove device");
  await heading("Remove Workshop PC?");
  await page.getByText("6 more devices remotely").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Cancel", "Cancel has the focus");
  await look(page, "device-remove");
  await press("Remove device");
  await heading("Device removed");
  await look(page, "device-removed");
  await follow("Overview");
  await page.getByText("1 of 2 seats in use").waitFor();
  await look(page, "overview");
});

test("works by keyboard alone", async () => {
  await page.goto("/");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to main content");
  const reached = new Set();
  for (let step = 0; step < 20; step++) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement.textContent.trim()));
  }
  for (const name of ["Your info", "Devices and licenses", "Sign-in and security", "Privacy and data", "Sign out"]) {
    assert.ok(reached.has(name), `${name} is reached: ${[...reached]}`);
  }
});

test("finds a setting by a word", async () => {
  const find = page.getByRole("searchbox", { name: "Find a setting" });
  await find.fill("authenticator");
  await find.press("Enter");
  await page.waitForURL("**/security#totp");
  await find.fill("password");
  await find.press("Enter");
  await heading("Find a setting");
  await look(page, "find");
});

test("changes name, language and address", async () => {
  await follow("Your info");
  await heading("Your info");
  await look(page, "account");
  await page.getByLabel("Language").selectOption("de-DE");
  await press("Save");
  await heading("Ihre Daten");
  await look(page, "account-german");
  await page.goto("/devices");
  await heading("Geräte und Lizenzen");
  await look(page, "devices-german");
  for (const path of ["security", "link"]) {
    await page.goto(`/${path}`);
    await look(page, `${path}-german`);
  }
  await page.goto("/account");
  await page.getByLabel("Sprache").selectOption("en-US");
  await press("Speichern");
  await page.getByText("Changes saved.").waitFor();
  await fill("New email address", "ada@example.org");
  await fill("Password", PASSWORD);
  await press("Change email address");
  await heading("Check your email");
  await page.goto(link(await letter("ada@example.org")));
  await press("Confirm address");
  await heading("Email address changed");
  assert.match((await letter(EMAIL)).text, /ada@example\.org/);
});

test("sets an authenticator app up and signs in with it", async () => {
  await page.goto("/security");
  await heading("Sign-in and security");
  await look(page, "security");
  await follow("Set up authenticator app");
  secret = (await page.locator("p.keys").textContent()).replaceAll(" ", "");
  await look(page, "totp");
  await fill("Code from the app", "000000");
  await fill("Password", PASSWORD);
  await press("Turn on");
  await page.getByText("code_wrong").waitFor();
  await fill("Code from the app", code());
  await fill("Password", PASSWORD);
  await press("Turn on");
  await heading("Your recovery codes");
  recoveryCodes = await page.locator("ul.codes li").allTextContents();
  assert.equal(recoveryCodes.length, 10);
  await look(page, "recovery-codes");
  await follow("I've saved them");
  await page.getByText("10 recovery codes left").waitFor();
  await look(page, "security-totp");
  await press("Sign out");
  await heading("Sign in");
  await fill("Email address", "ada@example.org");
  await fill("Password", "not the password at all");
  await press("Sign in");
  await page.getByText("credentials_wrong").waitFor();
  await look(page, "sign-in-wrong");
  await fill("Password", PASSWORD);
  await press("Sign in");
  await heading("One more step");
  await look(page, "sign-in-code");
  await fill("Verification code", recoveryCodes[0]);
  await press("Continue");
  await heading("Hello, Ada Lovelace");
});

test("recovers the account by letter, and the second factor is asked for all the same", async () => {
  const other = await open(browser);
  const mine = page;
  page = other;
  await page.goto("/sign-in");
  await follow("Forgot your password?");
  await look(page, "recover");
  await fill("Email address", "ada@example.org");
  await press("Send email");
  await heading("Check your email");
  await page.goto(link(await letter("ada@example.org", /Choose a new password/)));
  await look(page, "reset");
  await fill("New password", NEW_PASSWORD);
  await press("Change password");
  await page.getByLabel("Verification code", { exact: true }).waitFor();
  await fill("New password", NEW_PASSWORD);
  await fill("Verification code", recoveryCodes[1]);
  await look(page, "reset-code");
  await press("Change password");
  await heading("Hello, Ada Lovelace");
  await mine.goto("/");
  await mine.getByRole("heading", { name: "Sign in", level: 1 }).waitFor();
});

test("sees where the account is signed in", async () => {
  await page.goto("/security");
  await page.getByText("Chrome on Linux").first().waitFor();
  await page.getByText("This browser").waitFor();
});

test("gives a license away, and somebody else takes it", async () => {
  await page.goto("/devices");
  await follow("Studio 4 Professional");
  await follow("Transfer license");
  await heading("Transfer Studio 4?");
  await look(page, "transfer");
  await fill("Recipient's email address", "heir@example.org");
  await fill("Password", NEW_PASSWORD);
  await fill("Verification code", recoveryCodes[2]);
  await press("Send email");
  await heading("Email sent");
  const offer = link(await letter("heir@example.org"));
  const heir = await open(browser);
  await signUp(heir, "heir@example.org");
  await heir.goto(offer);
  await heir.getByRole("heading", { name: "Accept Studio 4?" }).waitFor();
  await look(heir, "transfer-take");
  await heir.getByLabel("I have read this").check();
  await heir.getByRole("button", { name: "Accept license" }).click();
  await heir.getByRole("heading", { name: "Studio 4 Professional" }).first().waitFor();
  assert.match((await letter("ada@example.org", /was transferred/)).text, /another account/);
  await page.goto("/devices");
  assert.equal(await page.getByText("Studio 4 Professional").count(), 0);
});

test("unlinks a license and gets a key for it", async () => {
  await page.goto("/devices");
  await follow("Render Farm Professional");
  await follow("Unlink license");
  await look(page, "unlink");
  await fill("Password", NEW_PASSWORD);
  await fill("Verification code", recoveryCodes[3]);
  await press("Unlink license");
  await heading("Your new product key");
  assert.match(await page.locator("p.keys.big").textContent(), /^([2-9A-Z]{5}-){4}[2-9A-Z]{5}$/);
  await look(page, "unlinked");
});

test("reads what is stored, takes it along, and deletes the account", async () => {
  await follow("Privacy and data");
  await look(page, "privacy");
  const [download] = await Promise.all([page.waitForEvent("download"), follow("Download my data")]);
  const archive = JSON.parse(await readFile(await download.path(), "utf8"));
  assert.equal(archive.account.email, "ada@example.org");
  assert.equal(archive.licenses.length, 0);
  await follow("Delete account");
  await page.getByText("No licenses are linked to your account.").waitFor();
  await look(page, "delete");
  await fill("Password", NEW_PASSWORD);
  await fill("Verification code", recoveryCodes[4]);
  await press("Delete account");
  await heading("Account deleted");
  await look(page, "deleted");
});

test("weighs at most 120 KB on first load", async () => {
  const visitor = await open(browser);
  for (const path of ["/sign-in", "/sign-up"]) {
    const bodies = [];
    visitor.on("response", (response) => bodies.push(response.body()));
    await visitor.goto(path, { waitUntil: "networkidle" });
    visitor.removeAllListeners("response");
    const weight = (await Promise.all(bodies)).reduce((sum, body) => sum + body.length, 0);
    assert.ok(weight > 1000 && weight <= 120 * 1024, `${path} weighs ${weight} bytes`);
  }
});

test("works without script, too", async () => {
  const plain = await open(browser, { javaScriptEnabled: false });
  await plain.goto("/sign-up");
  await plain.getByLabel("Name", { exact: true }).fill("Grace");
  await plain.getByLabel("Email address", { exact: true }).fill("grace@example.org");
  await plain.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await plain.getByRole("button", { name: "Create account" }).click();
  await plain.goto(link(await letter("grace@example.org")));
  await plain.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await plain.getByRole("button", { name: "Create account" }).click();
  await plain.goto("/link");
  await plain.getByLabel("Product key", { exact: true }).fill(world.other);
  await plain.getByLabel("I have read this").check();
  await plain.getByRole("button", { name: "Link license" }).click();
  await plain.getByText("0 of 5 seats in use").waitFor();
});

test("nothing that was typed in secret is in the server's log", async () => {
  const log = await readFile(process.env.SERVER_LOG, "utf8");
  assert.ok(log.includes("answered"), "the log is at debug level");
  const secrets = [PASSWORD, NEW_PASSWORD, secret, ...recoveryCodes, world.used, world.unused, world.other];
  for (const text of secrets) assert.ok(!log.includes(text), "a secret is in the log");
});
