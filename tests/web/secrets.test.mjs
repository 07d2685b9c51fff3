// What the server wrote while all stories were told, at debug level.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { PASSWORD } from "./keystead.mjs";

test("no password, token, code or key is in the server's log", async () => {
  const log = await readFile(process.env.SERVER_LOG, "utf8");
  assert.ok(log.includes("answered"), "the log is at debug level");
  const world = JSON.parse(process.env.WORLD);
  for (const text of [PASSWORD, world.used, world.unused, world.other, "the secret of"]) {
    assert.ok(!log.includes(text), "a secret is in the log");
  }
  assert.doesNotMatch(log, /ks[a-z]_[A-Za-z0-9_-]{20}/);
  assert.doesNotMatch(log, /[?&](code|state|token)=/);
});
