// The vendor's day by openapi-fetch, with the types that openapi-typescript makes of the description.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import type { components, paths } from "./generated/schema.js";

type KeyBatchLine = components["schemas"]["KeyBatchLine"];
type Problem = components["schemas"]["Problem"];

const baseUrl = process.env.URL!;
const headers = { Authorization: `Bearer ${process.env.TOKEN}` };
const api = createClient<paths>({ baseUrl, headers });

/** The answer's value, or the problem that there is in its place. */
function given<T>({ data, error }: { data?: T; error?: Problem }): T {
  assert.equal(error, undefined);
  return data!;
}

const once = () => ({ "idempotency-key": randomUUID() });
const product = { product: "photo" };

const made = given(await api.POST("/api/v1/products", {
  params: { header: once() },
  body: { slug: "photo", name: "Photo" },
}));
assert.match(made.id, /^prd_/);
assert.equal(given(await api.POST("/api/v1/products/{product}/editions", {
  params: { path: product, header: once() },
  body: { slug: "pro", name: "Photo Pro", features: ["export"] },
})).product, "photo");
assert.equal(given(await api.POST("/api/v1/products/{product}/policies", {
  params: { path: product, header: once() },
  body: { slug: "retail", rules: { seats: 3, term: { days: 365 } } },
})).rules.seats, 3);
assert.deepEqual(given(await api.GET("/api/v1/products")).map(({ slug }) => slug).sort(), ["photo", "studio"]);

const text = given(await api.POST("/api/v1/products/{product}/key-batches", {
  params: { path: product },
  body: { edition: "pro", policy: "retail", count: 5 },
  parseAs: "text",
}));
const lines: KeyBatchLine[] = text.trim().split("\n").map((line) => JSON.parse(line));
const keys = lines.flatMap((line) => ("keys" in line ? line.keys : []));
assert.equal(keys.length, 5);

const licenses = given(await api.GET("/api/v1/licenses", { params: { query: { limit: 10 } } })).items;
assert.equal(licenses.length, 1);
const license = { license: licenses[0]!.id };
const why = () => ({ params: { path: license, header: once() }, body: { reason: "Chargeback" } });
assert.equal(given(await api.POST("/api/v1/licenses/{license}/suspend", why())).status, "suspended");
const activation = process.env.ACTIVATION!;
const asked = async () => given(await api.POST("/api/v1/validations", { body: { activation } })).validation;
assert.deepEqual((({ valid, state }) => ({ valid, state }))(await asked()), { valid: false, state: "suspended" });
assert.equal(given(await api.POST("/api/v1/licenses/{license}/resume", why())).status, "active");
assert.equal((await asked()).valid, true);
assert.notEqual(given(await api.POST("/api/v1/licenses/{license}/reissue-key", why())).product_key, process.env.KEY);

const again = { params: { header: once() }, body: { slug: "photo", name: "Photo" } };
const { error, response } = await api.POST("/api/v1/products", again);
assert.deepEqual([response.status, error?.code], [409, "already_exists"]);
const wrong = await api.POST("/api/v1/products", { ...again, body: { slug: "Not a slug", name: "Photo" } });
assert.deepEqual([wrong.error?.status, wrong.error?.code], [422, "value_not_allowed"]);
const stranger = await createClient<paths>({ baseUrl }).GET("/api/v1/products");
assert.deepEqual([stranger.error?.status, stranger.error?.code], [401, "sign_in_required"]);
console.log("openapi-fetch: the vendor's day is done");
