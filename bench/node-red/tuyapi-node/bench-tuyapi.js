/*
 * A node on tuyapi that does for a flow what node-red-contrib-tuya-smart-device 5.4 does: one node per device, tuyapi's
 * events as messages, the state on a second output, a status with every report, a second before every attempt. It asks for
 * the values when it has connected, has a port, and searches for nothing, for that leaves the machine. In its favour, it
 * leaves out the line in the log that package makes of every report and command: the log costs more than all the rest.
 */
const TuyAPI = require("tuyapi");

const START_DELAY_MS = 1_000;
const RETRY_MS = 1_000;

const SHOWN = {
  CONNECTING: { fill: "yellow", shape: "ring", text: "connecting" },
  CONNECTED: { fill: "green", shape: "ring", text: "connected" },
  DISCONNECTED: { fill: "red", shape: "ring", text: "disconnected" },
  ERROR: { fill: "red", shape: "ring", text: "error" },
};

module.exports = function (RED) {
  function BenchTuyapi({ deviceId, deviceName, deviceKey, ip, port, version }) {
    RED.nodes.createNode(this, arguments[0]);
    let isClosed = false;
    let timer;
    let state;

    const device = new TuyAPI({
      id: deviceId,
      key: deviceKey,
      ip,
      port,
      version,
      issueRefreshOnConnect: false,
    });
    const show = (next) => {
      if (isClosed) return;
      if (next !== state) this.send([null, { payload: { state: next } }]);
      state = next;
      this.status(SHOWN[next]);
    };
    const later = (ms) => {
      clearTimeout(timer);
      if (!isClosed) timer = setTimeout(connect, ms);
    };
    const connect = () => {
      if (device.isConnected()) return;
      show("CONNECTING");
      device.connect().catch(() => later(RETRY_MS));
    };
    const pass = (data) => {
      show("CONNECTED");
      this.send([{ payload: { data, deviceId, deviceName } }, null]);
    };

    device.on("connected", () => show("CONNECTED"));
    device.on("disconnected", () => {
      show("DISCONNECTED");
      later(RETRY_MS);
    });
    device.on("error", () => {
      show("ERROR");
      later(RETRY_MS);
    });
    device.on("data", pass);
    device.on("dp-refresh", pass);

    this.on("input", (msg, _send, done) => {
      device.set(msg.payload).catch(() => {});
      done();
    });
    this.on("close", () => {
      isClosed = true;
      clearTimeout(timer);
      device.disconnect();
    });
    later(START_DELAY_MS);
  }

  RED.nodes.registerType("bench-tuyapi", BenchTuyapi);
};
