/* Functions of another process, called as if they were here. */
import { fork } from "node:child_process";
import { once } from "node:events";

/** Starts a process that serves its functions; `call(name, ...args)` calls one of them, `end` ends the process. */
export async function startRemote(module, execArgv = []) {
  const child = fork(new URL(module, import.meta.url), {
    execArgv,
    serialization: "advanced",
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output = (output + chunk).slice(-4_000)));
  const waiting = new Map();
  let calls = 0;
  child.on("message", ({ id, error, result }) => {
    const { resolve, reject } = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) resolve(result);
    else reject(new Error(error));
  });
  child.on("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`${module} ended with ${code}:\n${output}`));
  });
  return {
    call: (name, ...args) =>
      new Promise((resolve, reject) => {
        waiting.set(++calls, { resolve, reject });
        child.send({ id: calls, name, args });
      }),
    async end() {
      child.disconnect();
      await once(child, "exit");
    },
  };
}

/** In the other process: serves these functions until whoever started it is gone. */
export function serve(functions) {
  const answer = async ({ id, name, args }) => {
    try {
      process.send({ id, result: await functions[name](...args) });
    } catch (error) {
      process.send({ id, error: error.stack });
    }
  };
  process.on("message", (call) => void answer(call));
  process.on("disconnect", () => process.exit(0));
}
