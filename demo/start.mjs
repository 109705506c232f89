// The demo: virtual devices and a Node-RED that talks to them, all of it on 127.0.0.1.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import path from "node:path";
import { parseArgs } from "node:util";
import { announce, FIRST_DEVICE_PORT, LOCAL_KEYS, startDevices } from "./devices.mjs";
import { Narrator } from "./narrator.mjs";
import { forgetFlow, startNodeRed } from "./node-red.mjs";

const HELP = `Starts Node-RED with a demo flow and the virtual devices it talks to.

  npm start                  what you change in the editor is kept for the next time
  npm start -- --reset       begins with a fresh flow
  PORT=1881 npm start        another port for Node-RED (default 1880, 0 = any free one)

  --device-port <port>       first port of the devices (default ${FIRST_DEVICE_PORT}, 0 = any free ones)
  --user-dir <folder>        where Node-RED keeps the flow (default .node-red)

Where a port is taken, a free one is used, and said.`;

/** Whatever hangs, Ctrl-C ends the demo. */
const STOP_MS = 1_500;

/** A mistake the person at the terminal can mend: said in one sentence, without a stack. */
class UserError extends Error {}

function readOptions() {
  const { reset, help, ...values } = parseOptions();
  return {
    reset,
    help,
    port: portOf("PORT", process.env.PORT || "1880"),
    devicePort: portOf("--device-port", values["device-port"]),
    userDir: path.resolve(values["user-dir"]),
  };
}

function parseOptions() {
  try {
    return parseArgs({
      options: {
        reset: { type: "boolean", default: false },
        "device-port": { type: "string", default: String(FIRST_DEVICE_PORT) },
        "user-dir": { type: "string", default: path.join(import.meta.dirname, "..", ".node-red") },
        help: { type: "boolean", short: "h", default: false },
      },
    }).values;
  } catch (error) {
    throw new UserError(`${error.message}. All options: npm start -- --help`);
  }
}

function portOf(name, text) {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UserError(`${name} wants a number from 0 to 65535, not "${text}".`);
}

/** Says in a sentence why a port may not be had, and `remedy`: what to do about it. */
async function withPort(remedy, start) {
  try {
    return await start();
  } catch (error) {
    if (error.code === "EACCES" && error.port !== undefined)
      throw new UserError(`Port ${error.port} may not be opened by this user. ${remedy}`);
    throw error;
  }
}

/** A UDP port of 127.0.0.1 that nobody else listens to: those of real devices belong to whoever else is on this machine. */
async function freeUdpPort() {
  const socket = createSocket("udp4").bind(0, "127.0.0.1");
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

/** Lets `u` unplug a device and plug it in again. */
function listenToKeys(narrator, { name, device }, end) {
  const { stdin } = process;
  let isPlugged = true;
  let done = Promise.resolve();
  stdin.setRawMode(true);
  stdin.setEncoding("utf8");
  stdin.on("data", (key) => {
    // In raw mode Ctrl-C is a character like any other.
    if (key === "\u0003") end();
    if (key !== "u") return;
    isPlugged = !isPlugged;
    narrator.say(isPlugged ? `  You plug in the ${name} again.` : `  You unplug the ${name}.`);
    const act = isPlugged ? () => device.listen() : () => device.close();
    done = done.then(act).catch((error) => narrator.say(`  ${error.message}`));
  });
}

async function run() {
  const { help, reset, port, devicePort, userDir } = readOptions();
  const narrator = new Narrator();
  if (help) return narrator.say(HELP);
  if (reset) await forgetFlow(userDir);

  const taken = [];
  const onTaken = (own, who, instead) =>
    taken.push(`Port ${own} of 127.0.0.1 is in use: ${who} takes port ${instead}.\n`);
  const { devices, stop: stopDevices } = await withPort(
    "Take other ports: npm start -- --device-port 27001",
    () => startDevices(devicePort, onTaken),
  );
  let nodeRed;
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    setTimeout(() => process.exit(0), STOP_MS);
    void Promise.allSettled([nodeRed?.stop(), stopDevices()]).then(() => process.exit(0));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);

  const announcePort = await freeUdpPort();
  const { onSend, onLog } = narrator;
  nodeRed = await withPort("Take another port: PORT=1881 npm start", () =>
    startNodeRed({ port, onTaken, announcePort, userDir, devices, onSend, onLog }),
  );
  announce(devices, announcePort);
  const list = devices.map(
    ({ name, title, device }) =>
      `  ${name.padEnd(8)}  ${title}, protocol ${device.version}, at 127.0.0.1:${device.port}`,
  );
  const [lamp, heater] = ["Lamp", "Heater"].map((wanted) => devices.find(({ name }) => name === wanted));
  const { id, port: heaterPort } = heater.device;
  const atPort = heaterPort === 6668 ? "" : ` and the port ${heaterPort}`;
  const keys = process.stdin.isTTY ? "u unplugs the lamp and plugs it in again. " : "";
  narrator.greet(`
Virtual devices:
${list.join("\n")}
${taken.length > 0 ? `\n${taken.join("")}` : ""}
They announce themselves, so Find and tuya-discover show them, and the Cover is followed. The Heater is in no flow yet: find it,
give it the key ${LOCAL_KEYS[id]}${atPort}, and test it.

Open ${narrator.paint("bold", nodeRed.url)} and click the buttons in the flow. ${keys}Ctrl-C ends the demo.
`);
  if (keys) listenToKeys(narrator, lamp, end);
}

try {
  await run();
} catch (error) {
  process.stderr.write(`${error instanceof UserError ? error.message : error.stack}\n`);
  process.exit(1);
}
