/*
 * A process of virtual devices and of a bare echo, so that what is measured in the client's process is the client's. Told
 * by its parent how many devices of which versions; says where they listen, on 127.0.0.1.
 */
import { createServer } from "node:net";
import { VirtualDevice } from "../dist/src/virtual/virtual-device.js";

const DPS = { 1: true, 2: 0, 3: "white", 18: 432, 19: 1012, 20: 2301 };

/** Echoes a request of `requestBytes` with `replyBytes`: what a round trip costs before anything is understood. */
function startEcho({ requestBytes, replyBytes }) {
  const reply = Buffer.alloc(replyBytes, 0x55);
  const server = createServer({ noDelay: true }, (socket) => {
    let received = 0;
    socket.on("error", () => {});
    socket.on("data", (chunk) => {
      received += chunk.length;
      for (; received >= requestBytes; received -= requestBytes) socket.write(reply);
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(server.address().port));
  });
}

async function startDevices({ count, versions, localKey, overrides }) {
  const devices = [];
  for (let i = 0; i < count; i++) {
    const version = versions[i % versions.length];
    const id = `vdev${String(i).padStart(16, "0")}`;
    const device = new VirtualDevice({ id, localKey, version, dps: DPS, seed: i, overrides });
    await device.listen();
    devices.push({ id, version, port: device.port });
  }
  return devices;
}

async function serve({ devices, echo }) {
  process.send({
    devices: devices && (await startDevices(devices)),
    echoPort: echo && (await startEcho(echo)),
  });
}

process.on("message", (wanted) => void serve(wanted));
process.on("disconnect", () => process.exit(0));
