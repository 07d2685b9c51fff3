// The browser, the mailbox, and what every page must be.
import assert from "node:assert/strict";
import { X509Certificate, createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile, readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import PostalMime from "postal-mime";

const { URL: url, LETTERS: letters, SCREENSHOTS: screenshots } = process.env;

// Behind TLS the certificate is of an authority that was made for this run; with any other error Chromium would refuse
// passkeys.
function trusting(file) {
  if (!file) {
    return [];
  }
  const key = new X509Certificate(readFileSync(file)).publicKey.export({ type: "spki", format: "der" });
  return [`--ignore-certificate-errors-spki-list=${createHash("sha256").update(key).digest("base64")}`];
}

// Chromium needs these as root and without a network around it.
const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  ...trusting(process.env.CERTIFICATE),
];

export async function launch() {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: SWITCHES });
}

/** A window of its own: cookies, size, theme, language, script on or off. */
export async function open(browser, options = {}) {
  const context = await browser.newContext({ baseURL: url, locale: "en-US", reducedMotion: "reduce", viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (error) => assert.fail(`script on ${page.url()}: ${error}`));
  page.on("console", (message) => {
    assert.ok(!/Content Security Policy|Refused to/.test(message.text()), `${page.url()}: ${message.text()}`);
  });
  return page;
}

/** Keeps a picture of the page in light, dark and at phone width, and asks axe about both themes. */
export async function look(page, name) {
  const size = page.viewportSize();
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme });
    await page.screenshot({ path: join(screenshots, `${name}-${theme}.png`), fullPage: true });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === "serious" || impact === "critical");
    const told = serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join("; ")}`);
    assert.deepEqual(told, [], `${name}, ${theme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 390, height: 800 });
  await page.screenshot({ path: join(screenshots, `${name}-phone.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${name} is ${wide} px wider than a phone`);
  await page.setViewportSize(size);
}

/** Waits for the next letter to an address, with such a subject, and takes it. */
export async function letter(to, subject = /./) {
  const folder = join(letters, "new");
  for (let turn = 0; turn < 400; turn++) {
    for (const file of (await readdir(folder).catch(() => [])).sort()) {
      const parsed = await PostalMime.parse(await readFile(join(folder, file)));
      if (parsed.to[0].address === to && subject.test(parsed.subject)) {
        await unlink(join(folder, file));
        return parsed;
      }
    }
    await pause(25);
  }
  return assert.fail(`no letter to ${to}`);
}

/** The first link in a letter. */
export function link(parsed) {
  return /https?:\/\/\S+/.exec(parsed.text)[0];
}
