// Compiled, never run: checks the package's types.
import { Client, Problem, readCode, type Status } from "keystead";

export async function use(profile: string, key: string): Promise<Status> {
  const client = new Client(profile, { proxy: "system", timeoutMs: 5000 });
  try {
    return await client.activate(key);
  } catch (problem) {
    if (problem instanceof Problem && problem.number === 2001) {
      console.log(problem.nextAction, readCode("product_key", key).suggestion);
    }
    throw problem;
  } finally {
    client.close();
  }
}
