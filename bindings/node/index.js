// Activate a product on this device, refresh its certificate, and check which features are unlocked.
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
// A text of the library, copied and then freed.
const Text = koffi.disposable("keystead_text", "str", free);
const pointer = koffi.pointer(Handle);
const out = koffi.out(koffi.pointer(Text));
const outHandle = koffi.out(koffi.pointer(pointer));
const int = (symbol, ...parameters) => native.func(symbol, "int32_t", [...parameters, out]);

const functions = {
  open: int("keystead_open", "str", "str", outHandle),
  status: int("keystead_status", pointer),
  check: int("keystead_check", pointer, "uint32_t"),
  activate: int("keystead_activate", pointer, "str", "str"),
  activateBySignIn: int("keystead_activate_by_sign_in", pointer, "str"),
  refresh: int("keystead_refresh", pointer),
  deactivate: int("keystead_deactivate", pointer),
  reactivate: int("keystead_reactivate", pointer, "str", "str"),
  signInBegin: int("keystead_sign_in_begin", pointer, "str", outHandle),
  signInPoll: int("keystead_sign_in_poll", pointer, pointer),
  signOut: int("keystead_sign_out", pointer),
  account: int("keystead_account", pointer),
  devices: int("keystead_devices", pointer),
  licenses: int("keystead_licenses", pointer),
  disclosure: int("keystead_linking_disclosure", pointer),
  link: int("keystead_link", pointer, "uint32_t"),
  diagnose: int("keystead_diagnose", pointer),
  keepFresh: int("keystead_keep_fresh", pointer, "void *", "void *", outHandle),
  readCode: int("keystead_read_code", "str", "str"),
};
const hasFeature = native.func("keystead_has_feature", "bool", [pointer, "str"]);
const close = native.func("keystead_close", "void", [pointer]);
const closeSignIn = native.func("keystead_sign_in_free", "void", [pointer]);
const closeAutoRefresh = native.func("keystead_auto_refresh_free", "void", [pointer]);
const versionOf = native.func("keystead_version", "str", []);

/** An error: a stable code, the cause, and what to do next. */
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

function callSync(call, ...values) {
  const text = [null];
  return answer(call(...values, text), text);
}

async function callAsync(call, ...values) {
  const text = [null];
  const number = await promisify(call.async)(...values, text);
  return answer(number, text);
}

/** A native handle, freed once, after the last call that uses it. */
class NativeHandle {
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

  /** Makes an asynchronous call; the handle stays valid until it ends. */
  async use(call) {
    const handle = this.handle;
    this.#calls += 1;
    try {
      return await call(handle);
    } finally {
      this.#calls -= 1;
      this.#free();
    }
  }

  close() {
    this.#closed = true;
    this.#free();
  }

  #free() {
    if (this.#closed && this.#calls === 0 && this.#handle) {
      this.#close(this.#handle);
      this.#handle = null;
    }
  }
}

/** One product of one vendor on this device. */
export class Client extends NativeHandle {
  constructor(profile, { folder, clientId, appVersion, proxy, tpm, timeoutMs, authorities } = {}) {
    const options = { folder, client_id: clientId, app_version: appVersion, proxy, tpm, timeout_ms: timeoutMs, authorities };
    const place = [null];
    callSync(functions.open, profile, JSON.stringify(options), place);
    super(place[0], close);
  }

  status() {
    return callSync(functions.status, this.handle);
  }

  hasFeature(feature) {
    return hasFeature(this.handle, feature);
  }

  check(budgetMs) {
    return this.use((handle) => callAsync(functions.check, handle, budgetMs));
  }

  activate(key, deviceName = null) {
    return this.use((handle) => callAsync(functions.activate, handle, key, deviceName));
  }

  activateBySignIn(deviceName = null) {
    return this.use((handle) => callAsync(functions.activateBySignIn, handle, deviceName));
  }

  refresh() {
    return this.use((handle) => callAsync(functions.refresh, handle));
  }

  deactivate() {
    return this.use((handle) => callAsync(functions.deactivate, handle));
  }

  reactivate(activation, deviceName = null) {
    return this.use((handle) => callAsync(functions.reactivate, handle, activation, deviceName));
  }

  async beginSignIn(deviceName = null) {
    const place = [null];
    const response = await this.use((handle) => callAsync(functions.signInBegin, handle, deviceName, place));
    return new SignIn(this, place[0], response);
  }

  signOut() {
    return this.use((handle) => callAsync(functions.signOut, handle));
  }

  account() {
    return this.use((handle) => callAsync(functions.account, handle));
  }

  devices() {
    return this.use((handle) => callAsync(functions.devices, handle));
  }

  licenses() {
    return this.use((handle) => callAsync(functions.licenses, handle));
  }

  linkingDisclosure() {
    return this.use((handle) => callAsync(functions.disclosure, handle));
  }

  link(agreedVersion) {
    return this.use((handle) => callAsync(functions.link, handle, agreedVersion));
  }

  diagnose() {
    return this.use((handle) => callAsync(functions.diagnose, handle));
  }

  /** Refreshes in the background until the result is closed. */
  keepFresh() {
    const place = [null];
    callSync(functions.keepFresh, this.handle, null, null, place);
    return new AutoRefresh(place[0], closeAutoRefresh);
  }
}

/** A pending sign-in, approved in a browser. */
export class SignIn extends NativeHandle {
  #client;

  constructor(client, handle, response) {
    super(handle, closeSignIn);
    this.#client = client;
    this.userCode = response.user_code;
    this.verificationUri = response.verification_uri;
    this.verificationUriComplete = response.verification_uri_complete;
    this.interval = response.interval;
  }

  /** Whether the sign-in was approved. */
  async poll() {
    const poll = (client) => this.use((handle) => callAsync(functions.signInPoll, client, handle));
    return (await this.#client.use(poll)).done;
  }
}

/** A background refresh. */
export class AutoRefresh extends NativeHandle {}

/** Checks a code while it is typed. */
export const readCode = (kind, typed) => callSync(functions.readCode, kind, typed);

/** The native library's version. */
export const version = () => versionOf();
