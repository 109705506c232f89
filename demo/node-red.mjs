// Node-RED, embedded, with this package installed as a link. It contacts nothing but this machine.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { lstat, mkdir, readFile, readlink, rm, symlink } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import RED from "node-red";
import { LOCAL_KEYS } from "./devices.mjs";

const ROOT = path.join(import.meta.dirname, "..");
const HOST = "127.0.0.1";
const FLOW_FILE = "flows.json";

/** Telemetry, update notices, tours, catalogues and installs are off: each of them would speak to the internet. */
const SETTINGS = {
  uiHost: HOST,
  httpNodeRoot: false,
  flowFile: FLOW_FILE,
  flowFilePretty: true,
  // Fixed, so that the flow can still be read after the next start. The keys in it are invented.
  credentialSecret: "demo",
  telemetry: { enabled: false, updateNotification: false },
  externalModules: { palette: { allowInstall: false, allowUpload: false }, modules: { allowInstall: false } },
  editorTheme: {
    page: { title: "Tuya demo" },
    header: { title: "Tuya demo" },
    tours: false,
    projects: { enabled: false },
    palette: {
      catalogues: [],
      categories: ["tuya", "common", "function", "network", "sequence", "parser", "storage"],
    },
  },
  tuyaDeviceDiscovery: false,
};

/**
 * Starts Node-RED. Rejects with the system's error, which names the port, when it cannot be had.
 * @param {object} options
 * @param {number} options.port 0 = any free one
 * @param {string} options.userDir
 * @param {readonly {usualPort: number, device: {port: number}}[]} options.devices for the first flow
 * @param {(events: object[]) => void} options.onSend is told of everything nodes send, as Node-RED's hook `onSend`
 * @param {(entry: object) => void} options.onLog is told of warnings and errors, as a handler of Node-RED's log
 */
export async function startNodeRed({ port, userDir, devices, onSend, onLog }) {
  const server = createServer((request, response) => RED.httpAdmin(request, response));
  server.listen(port, HOST);
  await once(server, "listening");

  await installPackage(userDir);
  const isNew = !existsSync(path.join(userDir, FLOW_FILE));
  RED.init(server, {
    ...SETTINGS,
    userDir,
    uiPort: server.address().port,
    logging: { demo: { level: "warn", metrics: false, audit: false, handler: () => onLog } },
  });
  RED.hooks.add("onSend.demo", onSend);
  RED.events.on("runtime-event", ({ id, payload }) => {
    if (id === "runtime-state" && payload?.error === "missing-types") onLog(missingTypes(payload.types));
  });
  const started = once(RED.events, "flows:started");
  await RED.start();
  if (isNew) {
    await started;
    await RED.runtime.flows.setFlows({ flows: { flows: await firstFlow(devices) } });
  }

  return {
    url: `http://${HOST}:${server.address().port}/`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await RED.stop();
    },
  };
}

/** Node-RED does not start a flow with nodes it does not know. Its log says so in a place nobody looks at. */
function missingTypes(types) {
  const list = types.map((entry) => entry.type ?? entry).join(", ");
  return {
    level: 20,
    msg: `The flow does not start: there are no nodes of type ${list}. Remove them in the editor.`,
  };
}

/** Makes the next start a first one. Anything else in the user directory stays. */
export async function forgetFlow(userDir) {
  const files = [FLOW_FILE, FLOW_FILE.replace(".json", "_cred.json")];
  for (const file of files.flatMap((name) => [name, `.${name}.backup`])) {
    await rm(path.join(userDir, file), { force: true });
  }
}

/** The flow of the first start, with keys and the ports the devices really have. From then on it belongs to the user. */
async function firstFlow(devices) {
  const flow = JSON.parse(await readFile(path.join(import.meta.dirname, FLOW_FILE), "utf8"));
  const ports = new Map(devices.map(({ usualPort, device }) => [String(usualPort), String(device.port)]));
  return flow.map((node) => {
    if (node.type !== "tuya-device") return node;
    const localKey = LOCAL_KEYS[node.deviceId];
    return {
      ...node,
      port: ports.get(node.port) ?? node.port,
      ...(localKey && { credentials: { localKey } }),
    };
  });
}

/** Puts a link to this repository where Node-RED looks for installed packages. */
async function installPackage(userDir) {
  const { name } = JSON.parse(await readFile(path.join(ROOT, "package.json"), "utf8"));
  const link = path.join(userDir, "node_modules", name);
  const isLink = await lstat(link).then(
    (entry) => entry.isSymbolicLink(),
    () => false,
  );
  if (isLink && path.resolve(await readlink(link)) === path.resolve(ROOT)) return;
  await rm(link, { recursive: true, force: true });
  await mkdir(path.dirname(link), { recursive: true });
  await symlink(path.resolve(ROOT), link, "junction");
}
