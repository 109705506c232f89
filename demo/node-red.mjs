// Node-RED, embedded, with this package installed as a link. It contacts nothing but this machine.
import { once } from "node:events";
import { existsSync } from "node:fs";
import { lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from "node:fs/promises";
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
};

/**
 * Starts Node-RED. Rejects with the system's error, which names the port, when it may not be had.
 * @param {object} options
 * @param {number} options.port 0 = any free one, which it also takes where this one is taken
 * @param {(port: number, who: string, instead: number) => void} [options.onTaken] is told so
 * @param {number} [options.announcePort] UDP port of 127.0.0.1 where it hears devices; without one there is no discovery
 * @param {string} options.userDir
 * @param {readonly {device: {id: string, port: number}}[]} options.devices whose ports the flow is to have
 * @param {(events: object[]) => void} options.onSend is told of everything nodes send, as Node-RED's hook `onSend`
 * @param {(entry: object) => void} options.onLog is told of warnings and errors, as a handler of Node-RED's log
 */
export async function startNodeRed({ port, onTaken, announcePort, userDir, devices, onSend, onLog }) {
  const server = createServer((request, response) => RED.httpAdmin(request, response));
  await listen(server, port);
  if (port !== 0 && server.address().port !== port) onTaken?.(port, "Node-RED", server.address().port);

  await installPackage(userDir);
  const isNew = !existsSync(path.join(userDir, FLOW_FILE));
  if (!isNew) await moveDevices(path.join(userDir, FLOW_FILE), devices);
  RED.init(server, {
    ...SETTINGS,
    tuyaDeviceDiscovery:
      announcePort === undefined ? false : { bind: HOST, ports: [announcePort], probe: [] },
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

async function listen(server, port) {
  try {
    server.listen(port, HOST);
    await once(server, "listening");
  } catch (error) {
    if (error.code !== "EADDRINUSE") throw error;
    await listen(server, 0);
  }
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
  return withPorts(flow, devices).map((node) => {
    const localKey = node.type === "tuya-device" ? LOCAL_KEYS[node.deviceId] : undefined;
    return localKey ? { ...node, credentials: { localKey } } : node;
  });
}

/** What the user made of the flow stays as it is, but for the ports of devices that have others this time. */
async function moveDevices(file, devices) {
  const text = await readFile(file, "utf8");
  const flow = JSON.parse(text);
  const moved = withPorts(flow, devices);
  if (JSON.stringify(moved) !== JSON.stringify(flow)) await writeFile(file, JSON.stringify(moved, null, 4));
}

/** A flow in which all that leads to a device's former port leads to the present one. */
function withPorts(flow, devices) {
  const isDevice = ({ type }) => type === "tuya-device";
  const isHere = ({ ip = "" }) => /^(127\.|localhost$|$)/.test(ip);
  const ports = new Map(
    devices.flatMap(({ device }) =>
      flow
        .filter((node) => isDevice(node) && node.deviceId === device.id && node.port)
        .map((node) => [node.port, String(device.port)]),
    ),
  );
  return flow.map((node) =>
    isDevice(node) && isHere(node) && ports.has(node.port) ? { ...node, port: ports.get(node.port) } : node,
  );
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
