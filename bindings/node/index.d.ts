/** The activation state and its explanation. Times are UTC milliseconds. */
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
  /** The TPM that holds the device key: `system` (if there is one), `unused`, or a device file or socket. */
  tpm?: string;
  timeoutMs?: number;
  /** Certificate authorities in PEM, instead of the system's. */
  authorities?: string;
}

/** An error: a stable code, the cause, and what to do next. */
export class Problem extends Error {
  readonly code: string;
  readonly number: number;
  readonly cause: string;
  readonly detail: string | null;
  readonly nextAction: string;
  /** The id of the refused request, to find it in the server's log. */
  readonly requestId: string | null;
  readonly facts: unknown;
}

/** One product of one vendor on this device. */
export class Client {
  constructor(profile: string, options?: Options);
  /** The status, from the data folder; never uses the network. */
  status(): Status;
  hasFeature(feature: string): boolean;
  /** The status after a refresh, if one is due and finishes within the budget. */
  check(budgetMs: number): Promise<Status>;
  activate(key: string, deviceName?: string | null): Promise<Status>;
  activateBySignIn(deviceName?: string | null): Promise<Status>;
  refresh(): Promise<Status>;
  deactivate(): Promise<Status>;
  /** Moves an activation to this device ("This is the device I am using now"). */
  reactivate(activation: string, deviceName?: string | null): Promise<Status>;
  beginSignIn(deviceName?: string | null): Promise<SignIn>;
  signOut(): Promise<void>;
  account(): Promise<{ id: string; email: string; name: string; created_at: number }>;
  devices(): Promise<unknown[]>;
  licenses(): Promise<unknown[]>;
  linkingDisclosure(): Promise<{ version: number; paragraphs: string[] }>;
  link(agreedVersion: number): Promise<Status>;
  diagnose(): Promise<unknown>;
  keepFresh(): AutoRefresh;
  close(): void;
}

/** A pending sign-in, approved in a browser. */
export class SignIn {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  /** Seconds between two polls. */
  readonly interval: number;
  poll(): Promise<boolean>;
  close(): void;
}

/** A background refresh. */
export class AutoRefresh {
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
