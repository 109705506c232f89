import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port on 127.0.0.1 that neither accepts nor refuses connections, as an address behind which nobody lives. */
export interface BlackHole {
  readonly port: number;
}

const children: ChildProcess[] = [];
const fillers: Socket[] = [];

/** Resolves once connections get no answer any more. They end with the test. */
export async function openBlackHole(): Promise<BlackHole> {
  const script = `
    const server = require("node:net").createServer();
    server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => console.log(server.address().port));
  `;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const port = Number(line.toString());
  // A process that stands still accepts nothing; the kernel does it for the first few, as many as the backlog has room for.
  child.kill("SIGSTOP");
  for (let i = 0; i < 8; i++) {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => undefined);
    fillers.push(socket);
    const accepted = await Promise.race([once(socket, "connect").then(() => true), sleep(60, false)]);
    if (!accepted) return { port };
  }
  throw new Error("The backlog of the listener never filled.");
}

afterEach(() => {
  for (const socket of fillers.splice(0)) socket.destroy();
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
