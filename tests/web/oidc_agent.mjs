// oidc-agent, the daemon that keeps its user's tokens, in a folder of its own.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Signs in by a device code; `visit` is told what the person reads: where to go, and which code to type there. Gives two
 * access tokens, the second one from a refresh.
 */
export async function signIn({ issuer, clientId, clientSecret = "" }, visit) {
  const folder = await mkdtemp(join(tmpdir(), "keystead-agent-"));
  const env = { ...process.env, HOME: folder, OIDC_CONFIG_DIR: folder, OIDC_ENCRYPTION_PW: "of the test" };
  const agent = JSON.parse((await run("oidc-agent", ["--json", "--no-webserver", "--no-autoreauthenticate"], { env })).stdout);
  env.OIDC_SOCK = agent.socket;
  try {
    const server = [`--issuer=${issuer}`, `--cert-path=${process.env.NODE_EXTRA_CA_CERTS}`];
    const client = [`--client-id=${clientId}`, `--client-secret=${clientSecret}`, "--scope=openid email offline_access"];
    const how = ["--flow=device", "--pw-env", "--prompt=none", "--confirm-default", "--no-url-call"];
    const made = spawn("oidc-gen", ["test", ...server, ...client, ...how], { env, stdio: ["ignore", "pipe", "pipe"] });
    const finished = once(made, "exit");
    let said = "";
    const asked = new Promise((done, fail) => {
      const listen = (part) => {
        said += part;
        const [address] = /https:\/\/\S+(?=\s)/.exec(said) ?? [];
        const [, code] = /code[^:\n]*:\s+([A-Z0-9]{4}-[A-Z0-9]{4})/i.exec(said) ?? [];
        if (address && code) done({ address, code });
      };
      made.stdout.on("data", listen);
      made.stderr.on("data", listen);
      finished.then(() => fail(new Error(said)));
    });
    await visit(await asked);
    const [status] = await finished;
    if (status !== 0) throw new Error(said);
    const token = async (...options) => (await run("oidc-token", [...options, "test"], { env })).stdout.trim();
    return [await token(), await token("--force-new")];
  } finally {
    process.kill(Number(agent.dpid));
    await rm(folder, { recursive: true, force: true });
  }
}
