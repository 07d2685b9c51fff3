// Signing up while very many others do.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { launch, open } from "./browser.mjs";
import { PASSWORD } from "./keystead.mjs";

const url = process.env.FLOODED;
let browser;

before(async () => {
  browser = await launch();
});
after(() => browser.close());

async function signUp(page, email) {
  await page.goto(`${url}/sign-up`);
  await page.getByLabel("Name", { exact: true }).fill("Person");
  await page.getByLabel("Email address", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
}

test("the browser works for a moment before the letter is sent", async () => {
  const page = await open(browser);
  const sent = () => page.getByRole("heading", { name: "Check your email" }).waitFor();
  for (const name of ["first", "second"]) {
    await signUp(page, `${name}@example.org`);
    await sent();
  }
  await page.goto(`${url}/sign-up`);
  assert.equal(await page.locator("[data-challenge]").count(), 1);
  await signUp(page, "third@example.org");
  await sent();
});

test("without script it is said why not", async () => {
  const plain = await open(browser, { javaScriptEnabled: false });
  await signUp(plain, "fourth@example.org");
  await plain.getByText("work_missing").waitFor();
  await plain.getByText("Turn on JavaScript").waitFor();
  assert.equal(await plain.getByLabel("Email address", { exact: true }).inputValue(), "fourth@example.org", "nothing is typed twice");
});
