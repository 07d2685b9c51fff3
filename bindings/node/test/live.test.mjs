// The package against a live server, and the protocol's vectors.
import assert from "node:assert/strict";
import { createHmac, createPublicKey, hkdfSync, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import { Client, Problem, readCode, version } from "keystead";

const world = JSON.parse(process.env.WORLD);
const profile = readFileSync(world.profile, "utf8");
const open = (folder, options = {}) => new Client(profile, { folder: join(world.folder, folder), ...options });
const vectors = (name) => JSON.parse(readFileSync(join(world.vectors, `${name}.json`), "utf8"));
const mac = (key, ...parts) => createHmac("sha256", key).update(Buffer.concat(parts.map((part) => Buffer.from(part)))).digest();

test("a product is activated, used and given back", async () => {
  const client = open("node");
  assert.deepEqual([client.status().state, client.hasFeature("batch")], ["unlicensed", false]);
  const status = await client.activate(world.keys.node.toLowerCase(), "Node test");
  assert.deepEqual([status.state, status.mode, client.hasFeature("batch")], ["activated", "full", true]);
  const autoRefresh = client.keepFresh();
  assert.equal((await client.check(5000)).state, "activated");
  assert.equal((await client.refresh()).state, "activated");
  autoRefresh.close();
  assert.equal((await client.deactivate()).state, "unlicensed");
  client.close();
});

test("the event loop goes on while the network is asked", async () => {
  const client = open("node-loop");
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  await client.linkingDisclosure();
  await client.diagnose();
  clearInterval(ticking);
  assert.ok(turns > 0);
  client.close();
});

test("a problem has its code and says what to do", async () => {
  const client = open("node-problems");
  await assert.rejects(client.activate("H7XV7-TFPGT-CQWWX-FF29K-DWY6N"), (problem) => {
    assert.ok(problem instanceof Problem);
    assert.deepEqual([problem.code, problem.number], ["product_key_mistyped", 2001]);
    return /Did you mean/.test(problem.nextAction);
  });
  assert.throws(() => new Client("nonsense", { folder: world.folder }), { code: "not_configured" });
  client.close();
});

test("a client is closed while others still use it", async () => {
  const client = open("node-busy");
  const busy = [client.diagnose(), client.linkingDisclosure(), client.diagnose()];
  client.close();
  client.close();
  await Promise.all(busy);
  assert.throws(() => client.status(), TypeError);
});

test("a sign-in is begun and polled", async () => {
  const client = open("node-sign-in");
  const signIn = await client.beginSignIn("Node test");
  assert.ok(signIn.verificationUriComplete.includes(signIn.userCode));
  assert.equal(await signIn.poll(), false);
  signIn.close();
  client.close();
});

test("the vectors of product keys, by hand and by the library", () => {
  const file = vectors("product_key");
  const key = Buffer.from(hkdfSync("sha256", file.tenant_secret, file.tenant_id, "lic/product-key/mac/v1", 32));
  assert.equal(key.toString("hex"), file.mac_key);
  for (const { id, payload, key: code } of file.keys) {
    const head = Buffer.alloc(8);
    head.writeBigUInt64BE((1n << 54n) | (BigInt(file.kid) << 50n) | (BigInt(file.product_code) << 38n) | BigInt(`0x${id}`));
    const tag = mac(key, "lic/pk/v1\0", head.subarray(1)).subarray(0, 5);
    assert.equal(Buffer.concat([head.subarray(1), tag]).toString("hex"), payload);
    assert.equal(readCode("product_key", code).payload, payload);
  }
  for (const { name, typed, key: code } of file.typed) {
    assert.equal(readCode("product_key", typed).code, code, name);
  }
});

test("the vectors of fingerprints", () => {
  const file = vectors("fingerprint");
  for (const { component, canonical, tag } of file.tags) {
    const made = mac(Buffer.from(file.salt, "hex"), `lic/fp/v1\0${component}\0${canonical}`).subarray(0, 2);
    assert.equal(made.toString("hex"), tag, component);
  }
});

test("the vectors of certificates: their signatures hold for their purpose and for no other", () => {
  const file = vectors("certificate");
  const signed = (bytes, publicKey, purpose) => {
    // COSE_Sign1 (RFC 9052, section 4.2): an array of protected headers, {}, payload and signature.
    const [protectedHeaders, payload, signature] = split(Buffer.from(bytes, "hex"));
    const text = Buffer.concat([Buffer.from([0x84]), string(3, "Signature1"), string(2, protectedHeaders), string(2, purpose), string(2, payload)]);
    const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), Buffer.from(publicKey, "hex")]);
    return verify(null, text, createPublicKey({ key: der, format: "der", type: "spki" }), signature);
  };
  assert.ok(signed(file.license, file.issuing_pk, "lic/licence/v1"));
  assert.ok(!signed(file.license, file.issuing_pk, "lic/time/v1"));
  assert.ok(signed(file.key_statement, file.root_pk, "lic/key/v1"));
});

function string(major, content) {
  const bytes = Buffer.from(content);
  const length = bytes.length;
  const head = length < 24 ? [length] : length < 256 ? [24, length] : [25, length >> 8, length & 255];
  head[0] |= major << 5;
  return Buffer.concat([Buffer.from(head), bytes]);
}

function split(bytes) {
  let at = 1;
  const take = () => {
    const short = bytes[at++] & 31;
    const length = short < 24 ? short : short === 24 ? bytes[at++] : (bytes[at++] << 8) | bytes[at++];
    return bytes.subarray(at, (at += length));
  };
  const protectedHeaders = take();
  at += 1; // no unprotected headers
  return [protectedHeaders, take(), take()];
}

test("the library says its version", () => assert.match(version(), /^\d+\.\d+\.\d+$/));
