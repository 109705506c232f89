import { keyState, type KeyState } from "../../../src/local-key";
import type { StoredKeyStates } from "../../contract/keys";
import { devicesInEditor, NONE, type DeviceNode } from "./red";
import { requestJson } from "./requests";
import { translate } from "./texts";
import { liveValue } from "./validation";

/** What Node-RED shows in a password field instead of a stored value, and takes for "unchanged" on saving. */
export const STORED = "__PWRD__";

/** Several changes of the editor are one reason to look, in milliseconds. */
const GATHER_MS = 50;

/** Credentials as the editor holds them: what was typed, and whether there is one. None at all where it never asked. */
export interface KnownCredentials {
  readonly localKey?: string;
  readonly has_localKey?: boolean;
}

type Device = DeviceNode & {
  readonly credentials?: KnownCredentials | undefined;
  readonly valid?: boolean;
  readonly users?: readonly { readonly valid?: boolean }[];
};

/** What the server has answered, by node; "missing" for those it was asked for and has nothing of. */
const stored = new Map<string, KeyState>();

/**
 * A validator of the local key that says why. Node-RED calls it for the field of an open form with what stands there, and
 * for a node with nothing: what is stored never comes to the editor.
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

/** Whether the device is behind a gateway: as its form says while that is open, otherwise as it is saved. */
export function isChild(node: DeviceNode): boolean {
  const saved = (node.gateway && node.gateway !== NONE) || node.cid ? "child" : "wifi";
  return liveValue(node, "#tuya-device-kind", saved) === "child";
}

/** In doubt a key is usable. */
function stateOf({ id, credentials }: Device): KeyState {
  const { localKey, has_localKey: hasKey } = credentials ?? {};
  if (localKey !== undefined && localKey !== STORED) return keyState(localKey);
  if (hasKey === false) return "missing";
  // One that was fetched by the server is there, but was not when it was asked.
  const state = stored.get(id) ?? "usable";
  return hasKey && (localKey === STORED || state === "missing") ? "usable" : state;
}

/** Whether nothing is known of its key, neither here nor by the server's answers. */
function isUnasked(node: Device): boolean {
  return !isChild(node) && !node.credentials && !stored.has(node.id);
}

/** Has the editor mark devices whose key is missing or cannot be one, deployed or not. */
export function markKeys(): void {
  let timer: number | undefined;
  let isAllowed = true;
  /** What is deployed may be another now. */
  let isStale = false;
  let asked = 0;
  const ask = (): void => {
    const turn = ++asked;
    const read = (answer: unknown) => answer as StoredKeyStates;
    const done = (answer: StoredKeyStates): void => {
      // It is about flows that are no longer deployed, and another one is on its way or about to be asked for.
      if (isStale || turn !== asked) return;
      stored.clear();
      for (const [id, state] of Object.entries(answer)) stored.set(id, state);
      // What is not deployed and has no credentials has come by an import, without a key.
      for (const { id } of devicesInEditor().filter(isUnasked)) stored.set(id, "missing");
      devicesInEditor().forEach(validate);
    };
    // Whoever may not ask sees none marked.
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
      // Whoever changed it has validated it, but not what uses it; and a deploy may follow at once.
      if (event === "nodes:change" && validateUsers(node)) RED.view.redraw();
      look();
    });
  }
}

function validate(node: Device): void {
  const before = node.valid;
  const isNews = RED.editor.validateNode(node) !== before;
  if (validateUsers(node) || isNews) RED.events.emit("nodes:change", node);
}

/** Validates those that use a device and are marked otherwise than it is; returns whether any is marked anew. */
function validateUsers({ valid = true, users = [] }: Device): boolean {
  return (
    users.filter((user) => {
      const { valid: before = true } = user;
      return before !== valid && RED.editor.validateNode(user) !== before;
    }).length > 0
  );
}
