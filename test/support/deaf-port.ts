import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Worker } from "node:worker_threads";

/** Listens, says on which port, and never accepts anybody: its thread sleeps from then on. */
const SLEEPER = `
  const { parentPort } = require("node:worker_threads");
  const server = require("node:net").createServer();
  server.listen({ host: "127.0.0.1", port: 0, backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;

/** Connections that fill the queue of those waiting to be accepted, with some to spare. */
const FILLERS = 6;

/**
 * A port of loopback that answers nothing to whoever connects, like an address nobody has: the queue of connections waiting
 * to be accepted is full.
 */
export async function deafPort(): Promise<{ port: number; close: () => Promise<void> }> {
  const worker = new Worker(SLEEPER, { eval: true });
  const [port] = (await once(worker, "message")) as [number];
  const fillers: Socket[] = [];
  for (let i = 0; i < FILLERS; i++) {
    const socket = connect({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    fillers.push(socket);
    const isIn = await Promise.race([once(socket, "connect").then(() => true), pause(100)]);
    if (!isIn) break;
  }
  return {
    port,
    close: async () => {
      for (const socket of fillers) socket.destroy();
      await worker.terminate();
    },
  };
}

function pause(ms: number): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), ms));
}
