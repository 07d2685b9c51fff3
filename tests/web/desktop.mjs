// The browser that the Settings window opens: what it is asked for, one JSON line at a time.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";

import { launch, open } from "./browser.mjs";
import { PASSWORD } from "./keystead.mjs";

const browser = await launch();
const page = await open(browser);

const actions = {
  /** Signs in if nobody is, and allows the application, which is told so on a page of its own. */
  async allow(address) {
    await page.goto(address);
    const password = page.getByLabel("Password", { exact: true });
    const allow = page.getByRole("button", { name: "Allow", exact: true });
    await password.or(allow).first().waitFor();
    if (await password.isVisible()) {
      await page.getByLabel("Email address", { exact: true }).fill(process.env.EMAIL);
      await password.fill(PASSWORD);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
    }
    await allow.click();
    await page.getByText("You're signed in.").waitFor();
  },
  /** Confirms an installation without a network on the account's page; the four lines. */
  async confirm(id) {
    await page.goto(`${process.env.URL}/offline?id=${id}`);
    await page.getByLabel("Device name", { exact: true }).fill("Lab PC");
    await page.getByRole("button", { name: "Confirm device", exact: true }).click();
    await page.getByRole("heading", { name: "Enter these four lines on the device" }).waitFor();
    return page.locator("ol.lines li").allTextContents();
  },
  /** Has a device's file answered, and keeps what comes back. */
  async answer(request, license) {
    await actions.bring(request);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "Save license file" }).click()]);
    await download.saveAs(license);
  },
  /** Brings a device's file to the account's page. */
  async bring(file) {
    await page.goto(`${process.env.URL}/offline/file`);
    const text = await readFile(file, "utf8");
    await page.getByLabel("File from the device").setInputFiles(file);
    await page.waitForFunction((text) => document.querySelector("textarea").value === text, text);
    await page.getByRole("button", { name: "Upload file", exact: true }).click();
    await page.getByRole("heading", { name: /^(Take this file to the device|Device released)$/ }).waitFor();
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const [action, ...what] = JSON.parse(line);
  const answer = await actions[action](...what).then((told) => told ?? "done", (error) => String(error));
  console.log(JSON.stringify(answer));
}
await browser.close();
