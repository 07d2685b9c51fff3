// The server under test, as a person uses its pages.
import { execFileSync } from "node:child_process";

import { letter, link } from "./browser.mjs";

const url = process.env.URL;
export const PASSWORD = "violet teapot on a ladder";

/** Makes an account in this window, which is signed in afterwards. */
export async function signUp(page, email) {
  await page.goto(`${url}/sign-up`);
  await page.getByLabel("Name", { exact: true }).fill("Person");
  await page.getByLabel("Email address", { exact: true }).fill(email);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.goto(link(await letter(email)));
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { level: 1 }).waitFor();
}

/** The code that an authenticator app with this secret shows now. */
export const totp = (secret) => execFileSync("oathtool", ["--totp", "--base32", secret], { encoding: "utf8" }).trim();

/** Gives whoever is signed in an authenticator app; the recovery codes. */
export async function setUpApp(page) {
  await page.goto(`${url}/security/totp`);
  const secret = (await page.locator("p.keys").textContent()).replaceAll(" ", "");
  await page.getByLabel("Code from the app").fill(totp(secret));
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Turn on" }).click();
  await page.getByRole("heading", { name: "Your recovery codes" }).waitFor();
  return page.locator("ul.codes li").allTextContents();
}

export const target = {
  issuer: `${url}/id`,
  clientId: "keystead-sdk",
  allow: (page) => page.getByRole("button", { name: "Allow", exact: true }).click(),
  typeCode: (page, code) => page.getByLabel("Code").fill(code),
  async approveDevice(page) {
    await page.getByRole("button", { name: "Continue" }).click();
    await this.allow(page);
    await page.getByText("is signed in").waitFor();
  },
  stop() {},
};
