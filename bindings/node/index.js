// Activate a product on this device, keep its certificate fresh, and know at any time what may be used.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import koffi from "koffi";

const NAMES = { win32: "keystead_c.dll", darwin: "libkeystead_c.dylib" };
const name = NAMES[process.platform] ?? "libkeystead_c.so";
const beside = join(dirname(fileURLToPath(import.meta.url)), "native", name);
const native = koffi.load(process.env.KEYSTEAD_LIBRARY ?? (existsSync(beside) ? beside : name));

const Handle = koffi.opaque("keystead_handle");
const free = native.func("void keystead_string_free(void *text)");
// A text of the library's, copied and given back.
const Text = koffi.disposable("keystead_text", "str", free);
const pointer = koffi.pointer(Handle);
const out = koffi.out(koffi.pointer(Text));
const made = koffi.out(koffi.pointer(pointer));
const int = (symbol, ...parameters) => native.func(symbol, "int32_t", [...parameters, out]);

const functions = {
  open: int("keystead_open", "str", "str", made),
  status: int("keystead_status", pointer),
  check: int("keystead_check", pointer, "uint32_t"),
  activate: int("keystead_activate", pointer, "str", "str"),
  activateBySignIn: int("keystead_activate_by_sign_in", pointer, "str"),
  refresh: int("keystead_refresh", pointer),
  deactivate: int("keystead_deactivate", pointer),
  reactivate: int("keystead_reactivate", pointer, "str", "str"),
  signInBegin: int("keystead_sign_in_begin", pointer, "str", made),
  signInPoll: int("keystead_sign_in_poll", pointer, pointer),
  signOut: int("keystead_sign_out", pointer),
  account: int("keystead_account", pointer),
  devices: int("keystead_devices", pointer),
  licenses: int("keystead_licenses", pointer),
  disclosure: int("keystead_linking_disclosure", pointer),
  link: int("keystead_link", pointer, "uint32_t"),
  diagnose: int("keystead_diagnose", pointer),
  keepFresh: int("keystead_keep_fresh", pointer, "void *", "void *", made),
  readCode: int("keystead_read_code", "str", "str"),
};
const hasFeature = native.func("keystead_has_feature", "bool", [pointer, "str"]);
const close = native.func("keystead_close", "void", [pointer]);
const closeSignIn = native.func("keystead_sign_in_free", "void", [pointer]);
const closeUpkeep = native.func("keystead_upkeep_free", "void", [pointer]);
const versionOf = native.func("keystead_version", "str", []);

/** Why something did not work: a stable code, the cause and what to do next. */
export class Problem extends Error {
  constructor({ code, number, cause, detail, next_action: nextAction, request_id: requestId, facts }) {
    super(`${cause} ${nextAction} [${code}]`);
    this.name = "Problem";
    Object.assign(this, { code, number, detail, nextAction, requestId, facts });
    this.cause = cause;
  }
}

function answer(number, [text]) {
  const value = JSON.parse(text);
  if (number !== 0) {
    throw new Problem(value);
  }
  return value;
}

function now(call, ...values) {
  const text = [null];
  return answer(call(...values, text), text);
}

async function later(call, ...values) {
  const text = [null];
  const number = await promisify(call.async)(...values, text);
  return answer(number, text);
}

/** What is given back once, after the last call that uses it. */
class Owned {
  #handle;
  #close;
  #calls = 0;
  #closed = false;

  constructor(handle, close) {
    this.#handle = handle;
    this.#close = close;
  }

  /** The handle, for a call that ends before this returns. */
  get handle() {
    if (this.#closed) {
      throw new TypeError(`this ${this.constructor.name} is closed`);
    }
    return this.#handle;
  }

  /** A call that goes on beside; the handle stays until it has ended. */
  async use(call) {
    const handle = this.handle;
    this.#calls += 1;
    try {
      return await call(handle);
    } finally {
      this.#calls -= 1;
      this.#giveBack();
    }
  }

  close() {
    this.#closed = true;
    this.#giveBack();
  }

  #giveBack() {
    if (this.#closed && this.#calls === 0 && this.#handle) {
      this.#close(this.#handle);
      this.#handle = null;
    }
  }
}

/** One product of one vendor on this device. */
export class Client extends Owned {
  constructor(profile, { folder, clientId, appVersion, proxy, tpm, patienceMs, authorities } = {}) {
    const options = { folder, client_id: clientId, app_version: appVersion, proxy, tpm, patience_ms: patienceMs, authorities };
    const place = [null];
    now(functions.open, profile, JSON.stringify(options), place);
    super(place[0], close);
  }

  status() {
    return now(functions.status, this.handle);
  }

  hasFeature(feature) {
    return hasFeature(this.handle, feature);
  }

  check(budgetMs) {
    return this.use((handle) => later(functions.check, handle, budgetMs));
  }

  activate(key, deviceName = null) {
    return this.use((handle) => later(functions.activate, handle, key, deviceName));
  }

  activateBySignIn(deviceName = null) {
    return this.use((handle) => later(functions.activateBySignIn, handle, deviceName));
  }

  refresh() {
    return this.use((handle) => later(functions.refresh, handle));
  }

  deactivate() {
    return this.use((handle) => later(functions.deactivate, handle));
  }

  reactivate(activation, deviceName = null) {
    return this.use((handle) => later(functions.reactivate, handle, activation, deviceName));
  }

  async beginSignIn(deviceName = null) {
    const place = [null];
    const told = await this.use((handle) => later(functions.signInBegin, handle, deviceName, place));
    return new SignIn(this, place[0], told);
  }

  signOut() {
    return this.use((handle) => later(functions.signOut, handle));
  }

  account() {
    return this.use((handle) => later(functions.account, handle));
  }

  devices() {
    return this.use((handle) => later(functions.devices, handle));
  }

  licenses() {
    return this.use((handle) => later(functions.licenses, handle));
  }

  linkingDisclosure() {
    return this.use((handle) => later(functions.disclosure, handle));
  }

  link(agreedVersion) {
    return this.use((handle) => later(functions.link, handle, agreedVersion));
  }

  diagnose() {
    return this.use((handle) => later(functions.diagnose, handle));
  }

  /** Refreshes in the background until the result is closed. */
  keepFresh() {
    const place = [null];
    now(functions.keepFresh, this.handle, null, null, place);
    return new Upkeep(place[0], closeUpkeep);
  }
}

/** A sign-in that waits for approval in a browser. */
export class SignIn extends Owned {
  #client;

  constructor(client, handle, told) {
    super(handle, closeSignIn);
    this.#client = client;
    this.userCode = told.user_code;
    this.verificationUri = told.verification_uri;
    this.verificationUriComplete = told.verification_uri_complete;
    this.interval = told.interval;
  }

  /** Whether it was approved. */
  async poll() {
    const poll = (client) => this.use((handle) => later(functions.signInPoll, client, handle));
    return (await this.#client.use(poll)).done;
  }
}

/** Refreshing in the background. */
export class Upkeep extends Owned {}

/** What can be said about a code as far as it is typed. */
export const readCode = (kind, typed) => now(functions.readCode, kind, typed);

/** The native library's version. */
export const version = () => versionOf();
