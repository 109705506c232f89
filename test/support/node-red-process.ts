// Runs Node-RED, editor included, in a process of its own. Started by `startNodeRed`; speaks with it over IPC: gets
// the settings, answers with the port, ends on "stop" or when the parent is gone, in which case it cleans up.
import { rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { VitalMonitor } from "../hostile/vital-signs";
import { DIAGNOSIS_TIMINGS, type DiagnosisTimings } from "../../src/diagnosis/timings";

/** The part of the node-red module this needs; `httpAdmin` is an Express application and so a request listener. */
interface NodeRed {
  init(server: unknown, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  httpAdmin: (request: IncomingMessage, response: ServerResponse) => void;
  /** What nodes serve: a dashboard. */
  httpNode: (request: IncomingMessage, response: ServerResponse) => void;
}

/** In place of the 3 MB with which the editor draws diagrams, a third of the time a page takes: none of our texts has any. */
const NO_DIAGRAMS = "window.mermaid = { initialize() {} }";

async function run(nodeRedModule: string, settings: object): Promise<void> {
  // Not import(): a path to a package is no module for it.
  const nodeRed = createRequire(__filename)(nodeRedModule) as NodeRed;
  const server = createServer((request, response) => {
    if (request.url?.startsWith("/vendor/mermaid/")) response.end(NO_DIAGRAMS);
    else if (request.url?.startsWith("/dashboard")) nodeRed.httpNode(request, response);
    else nodeRed.httpAdmin(request, response);
  });
  nodeRed.init(server, settings);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  await nodeRed.start();
  process.send?.({ port: (server.address() as AddressInfo).port });
  let monitor: VitalMonitor | undefined;
  process.on("message", (message) => {
    if (message === "stop") void nodeRed.stop().finally(() => process.exit(0));
    if (message === "vital signs") process.send?.((monitor ??= new VitalMonitor()).look());
  });
}

interface Start {
  readonly nodeRedModule: string;
  readonly settings: { readonly userDir: string };
  readonly isTemporary: boolean;
  readonly timings?: Partial<DiagnosisTimings>;
}

process.once("message", ({ nodeRedModule, settings, isTemporary, timings }: Start) => {
  // The nodes that are about to be loaded have this very module.
  Object.assign(DIAGNOSIS_TIMINGS, timings);
  process.on("disconnect", () => {
    if (isTemporary) rmSync(settings.userDir, { recursive: true, force: true });
    process.exit(0);
  });
  run(nodeRedModule, settings).catch((error: unknown) => {
    console.error(error);
    process.exit(1);
  });
});
