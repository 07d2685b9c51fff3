/** The activation state, with what explains it. Times are UTC milliseconds. */
export interface Status {
  state: string;
  sentence: string;
  code: string | null;
  cause: string | null;
  next_action: string | null;
  in_grace: boolean;
  detail: string | null;
  edition: string | null;
  mode: "full" | "limited";
  features: string[];
  license_expiry: number | null;
  refresh_after: number | null;
  works_offline_until: number | null;
}

export interface Options {
  folder?: string;
  clientId?: string;
  appVersion?: string;
  /** `system`, `direct` or `http://user:password@host:port`. */
  proxy?: string;
  /** Which TPM keeps the device key: `system` (where there is one), `unused`, or a device file or socket. */
  tpm?: string;
  patienceMs?: number;
  /** Authorities in PEM in place of the system's. */
  authorities?: string;
}

/** Why something did not work: a stable code, the cause and what to do next. */
export class Problem extends Error {
  readonly code: string;
  readonly number: number;
  readonly cause: string;
  readonly detail: string | null;
  readonly nextAction: string;
  /** The id of the request that the server refused, by which its operator finds it. */
  readonly requestId: string | null;
  readonly facts: unknown;
}

/** One product of one vendor on this device. */
export class Client {
  constructor(profile: string, options?: Options);
  /** From what is kept here; never asks the network. */
  status(): Status;
  hasFeature(feature: string): boolean;
  /** The state after a refresh, if one is due and done within the budget. */
  check(budgetMs: number): Promise<Status>;
  activate(key: string, deviceName?: string | null): Promise<Status>;
  activateBySignIn(deviceName?: string | null): Promise<Status>;
  refresh(): Promise<Status>;
  deactivate(): Promise<Status>;
  /** "This is the device I am using now." */
  reactivate(activation: string, deviceName?: string | null): Promise<Status>;
  beginSignIn(deviceName?: string | null): Promise<SignIn>;
  signOut(): Promise<void>;
  account(): Promise<{ id: string; email: string; name: string; created_at: number }>;
  devices(): Promise<unknown[]>;
  licenses(): Promise<unknown[]>;
  linkingDisclosure(): Promise<{ version: number; paragraphs: string[] }>;
  link(agreedVersion: number): Promise<Status>;
  diagnose(): Promise<unknown>;
  keepFresh(): Upkeep;
  close(): void;
}

/** A sign-in that waits for approval in a browser. */
export class SignIn {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  /** Seconds between two polls. */
  readonly interval: number;
  poll(): Promise<boolean>;
  close(): void;
}

/** Refreshing in the background. */
export class Upkeep {
  close(): void;
}

export interface Code {
  groups: ("good" | "open" | "bad")[];
  whole: boolean;
  suggestion: string | null;
  /** 24 hexadecimal digits. */
  payload: string | null;
  code: string | null;
  problem: string | null;
}

export function readCode(kind: string, typed: string): Code;
export function version(): string;
