// The demo: virtual devices and a Node-RED that talks to them, all of it on 127.0.0.1.
import path from "node:path";
import { parseArgs } from "node:util";
import { FIRST_DEVICE_PORT, startDevices } from "./devices.mjs";
import { Narrator } from "./narrator.mjs";
import { forgetFlow, startNodeRed } from "./node-red.mjs";

const HELP = `Starts Node-RED with a demo flow and the virtual devices it talks to.

  npm start                  what you change in the editor is kept for the next time
  npm start -- --reset       begins with a fresh flow
  PORT=1881 npm start        another port for Node-RED (default 1880, 0 = any free one)

  --device-port <port>       first port of the devices (default ${FIRST_DEVICE_PORT}, 0 = any free ones);
                             the flow knows the ports it was made with, so give --reset too
  --user-dir <folder>        where Node-RED keeps the flow (default .node-red)`;

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

/** Says in a sentence why a port cannot be had, and `remedy`: what to do about it. */
async function withPort(remedy, start) {
  try {
    return await start();
  } catch (error) {
    if (error.code === "EADDRINUSE")
      throw new UserError(`Port ${error.port} of 127.0.0.1 is in use. ${remedy}`);
    if (error.code === "EACCES" && error.port !== undefined)
      throw new UserError(`Port ${error.port} may not be opened by this user. ${remedy}`);
    throw error;
  }
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

  const { devices, stop: stopDevices } = await withPort(
    "Stop what uses it, probably another demo, or take other ports: npm start -- --reset --device-port 27001",
    () => startDevices(devicePort),
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

  nodeRed = await withPort(
    "Stop what uses it, probably another Node-RED, or take another port: PORT=1881 npm start",
    () => startNodeRed({ port, userDir, devices, onSend: narrator.onSend, onLog: narrator.onLog }),
  );
  const list = devices.map(
    ({ name, title, device }) =>
      `  ${name.padEnd(8)}  ${title}, protocol ${device.version}, at 127.0.0.1:${device.port}`,
  );
  const lamp = devices.find(({ name }) => name === "Lamp");
  const keys = process.stdin.isTTY && lamp ? "u unplugs the lamp and plugs it in again. " : "";
  narrator.greet(`
Virtual devices:
${list.join("\n")}

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
