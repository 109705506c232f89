import type { Node, NodeAPI, NodeDef } from "node-red";
import TuyAPI from "tuyapi";

interface SmartDeviceDef extends NodeDef {
  readonly deviceName: string;
  readonly deviceId: string;
  readonly deviceKey: string;
  readonly storeAsCreds?: boolean;
  readonly deviceIp: string;
  readonly tuyaVersion: string;
  readonly eventMode?: string;
}

interface SmartDevice extends Node<{ secretConfig?: string }> {
  readonly status: Node["status"];
}

type Payload = Record<string, unknown> & { operation?: string; action?: string; value?: unknown };

/**
 * Registers what node-red-contrib-tuya-smart-device 5.4 is to a flow: tuyapi's events as messages, and messages as
 * tuyapi's calls. It is the measure for what flows get that were made for it. `ports` are those of the virtual devices,
 * by id: the package knows none but 6668. It searches for no device, for that leaves this machine.
 */
export function registerSmartDevice(RED: NodeAPI, ports: ReadonlyMap<string, number>): void {
  function SmartDeviceNode(this: SmartDevice, def: SmartDeviceDef): void {
    RED.nodes.createNode(this, def);
    const secret = JSON.parse(this.credentials?.secretConfig ?? "{}") as Partial<SmartDeviceDef>;
    const { deviceId, deviceKey } = { ...def, ...(def.storeAsCreds === true && secret) };
    const { deviceName } = def;
    let { eventMode = "event-both" } = def;
    let isClosed = false;
    let shown = "";

    const api = new TuyAPI({
      id: deviceId,
      key: deviceKey,
      ip: def.deviceIp,
      port: ports.get(deviceId) ?? 0,
      version: def.tuyaVersion,
      issueGetOnConnect: false,
      issueRefreshOnConnect: false,
    });
    const tell = (state: string): void => {
      if (state === shown || isClosed) return;
      shown = state;
      this.send([null, { payload: { state } }]);
    };
    const pass = (without: string) => (data: unknown) => {
      if (eventMode !== without) this.send([{ payload: { data, deviceId, deviceName } }, null]);
    };
    const connect = (): void => {
      tell("CONNECTING");
      api.connect().catch(() => undefined);
    };
    api.on("connected", () => tell("CONNECTED"));
    api.on("disconnected", () => tell("DISCONNECTED"));
    api.on("error", () => tell("ERROR"));
    api.on("data", pass("event-dp-refresh"));
    api.on("dp-refresh", pass("event-data"));

    const perform = ({ operation = "SET", ...options }: Payload): Promise<unknown> | undefined => {
      const call = options as never;
      if (operation === "SET") return api.set(call);
      if (operation === "GET") return api.get(call);
      if (operation === "REFRESH") return api.refresh(call);
      if (operation !== "CONTROL") return undefined;
      if (options.action === "CONNECT") connect();
      if (options.action === "DISCONNECT") api.disconnect();
      if (options.action === "SET_EVENT_MODE") eventMode = String(options.value);
      return undefined;
    };
    this.on("input", (msg, _send, done) => {
      perform(msg.payload as Payload)?.catch(() => undefined);
      done();
    });
    this.on("close", () => {
      isClosed = true;
      api.disconnect();
    });
    RED.events.once("flows:started", connect);
  }

  RED.nodes.registerType("tuya-smart-device", SmartDeviceNode as never, {
    credentials: { secretConfig: { type: "text" } },
  });
}
