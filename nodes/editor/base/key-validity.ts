import { keyState, type KeyState } from "../../../src/local-key";
import type { StoredKeyStates } from "../../contract/keys";
import { type DeviceWithCredentials, STORED } from "./credentials";
import { devicesInEditor, isSubDevice, type DeviceNode } from "./red";
import { requestJson } from "./requests";
import { translate } from "./texts";
import { liveValue } from "./validation";

/** Changes in the editor within this time are handled together, in milliseconds. */
const GATHER_MS = 50;

type Device = DeviceWithCredentials & {
  readonly valid?: boolean;
  readonly users?: readonly { readonly valid?: boolean }[];
};

/**
 * The states of stored keys by node id, as the server last answered; "missing" for nodes that the answer did not name. Empty
 * before the first answer.
 */
const stored = new Map<string, KeyState>();

/**
 * A validator of the local key that returns the reason. Node-RED calls it for the field of an open form with its text,
 * and for a node without a value, because stored keys never come to the editor.
 */
export function validateKey(this: DeviceNode, value: unknown, _options: unknown): true | string {
  if (isChild(this)) return true;
  switch (typeof value === "string" && value !== STORED ? keyState(value) : stateOf(this)) {
    case "missing":
      return this._("tuya-device.problem.keyMissing");
    case "unusable":
      return this._("tuya-device.problem.keyUnusable");
    case "usable":
      return true;
  }
}

/** Whether a device is behind a gateway: by its form while that is open, otherwise as `isSubDevice` says. */
export function isChild(node: DeviceNode): boolean {
  const saved = isSubDevice(node) ? "child" : "wifi";
  return liveValue(node, "#tuya-device-kind", saved) === "child";
}

/** The state of the stored key. If it is not known, the key counts as usable. */
function stateOf({ id, credentials }: Device): KeyState {
  const { localKey, has_localKey: hasKey } = credentials ?? {};
  if (localKey !== undefined && localKey !== STORED) return keyState(localKey);
  if (hasKey === false) return "missing";
  // The answer may be older than a key that the server has fetched meanwhile.
  const state = stored.get(id) ?? "usable";
  return hasKey && (localKey === STORED || state === "missing") ? "usable" : state;
}

/** Whether nothing is known about its key, neither by the editor nor by the server's answers. */
function isUnasked(node: Device): boolean {
  return !isChild(node) && !node.credentials && !stored.has(node.id);
}

/**
 * Makes the editor mark devices whose key is missing or unusable, deployed or not: asks the server when flows are loaded,
 * deployed or imported. Called when the script is loaded.
 */
export function markKeys(): void {
  let timer: number | undefined;
  let isAllowed = true;
  /** Set when a deploy may have changed stored keys. */
  let isStale = false;
  /** The number of the last request: answers to earlier ones are ignored. */
  let asked = 0;
  const ask = (): void => {
    const turn = ++asked;
    const read = (answer: unknown) => answer as StoredKeyStates;
    const done = (answer: StoredKeyStates): void => {
      // The answer is about flows that are no longer deployed; another request follows or is open.
      if (isStale || turn !== asked) return;
      stored.clear();
      for (const [id, state] of Object.entries(answer)) stored.set(id, state);
      // A node without credentials that the server does not know is not deployed: it was imported, without a key.
      for (const { id } of devicesInEditor().filter(isUnasked)) stored.set(id, "missing");
      devicesInEditor().forEach(validate);
    };
    // A user without permission to ask sees no marks.
    const failed = (_sentence: string, status: number): void => {
      isAllowed = status !== 401 && status !== 403;
    };
    requestJson("tuya/keys", read, { done, failed }, translate);
  };
  const look = (): void => {
    timer ??= window.setTimeout(() => {
      timer = undefined;
      const isAsking = isAllowed && (isStale || devicesInEditor().some(isUnasked));
      isStale = false;
      if (isAsking) ask();
      else devicesInEditor().forEach(validate);
    }, GATHER_MS);
  };
  for (const event of ["flows:loaded", "deploy"]) {
    RED.events.on(event, () => {
      isStale = true;
      look();
    });
  }
  for (const event of ["nodes:add", "nodes:change"]) {
    RED.events.on(event, (node: Device & { readonly type?: string }) => {
      if (node.type !== "tuya-device") return;
      // Node-RED has validated the changed node, but not the nodes that use it, and a deploy may follow at once.
      if (event === "nodes:change" && validateUsers(node)) RED.view.redraw();
      look();
    });
  }
}

/** Validates a device and its users again, and has Node-RED draw them if a mark has changed. */
function validate(node: Device): void {
  const before = node.valid;
  const isNews = RED.editor.validateNode(node) !== before;
  if (validateUsers(node) || isNews) RED.events.emit("nodes:change", node);
}

/** Validates the users of a device whose mark differs from that of the device; returns whether a mark has changed. */
function validateUsers({ valid = true, users = [] }: Device): boolean {
  return (
    users.filter((user) => {
      const { valid: before = true } = user;
      return before !== valid && RED.editor.validateNode(user) !== before;
    }).length > 0
  );
}
