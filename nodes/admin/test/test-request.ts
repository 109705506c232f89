import type { DeviceSettings } from "../../../src/device/types";
import { DEFAULT_PORT } from "../../../src/limits";
import { isProtocolVersion } from "../../../src/protocol/version";
import type { TestRequest } from "../../contract/test";
import { configuredNode } from "../../link/configured-devices";
import { textOf, isPlainObject } from "../../runtime/properties";
import { keyIn, nestedSentence, refusalOf } from "../request-fields";
import type { UseStoredKey } from "../keys/stored-key-use";
import type { DiagnosisInput } from "../../../src/diagnosis/input";

const FIELDS = [
  "id",
  "name",
  "deviceId",
  "ip",
  "port",
  "version",
  "gateway",
  "cid",
] as const satisfies readonly (keyof TestRequest)[];

/** The settings to test, or a sentence that says why they cannot be tested. */
export type ReadTestRequest = { readonly input: DiagnosisInput } | { readonly refusal: string };

/**
 * Reads the body of `POST tuya/test`. What the form lacks comes from deployed nodes: the stored key of the node `id`, and
 * for a sub-device the connection of its gateway.
 */
export function readTestRequest(body: unknown, useStoredKey: UseStoredKey): ReadTestRequest {
  if (!isPlainObject(body)) return { refusal: "The request has no settings to test." };
  const field = (name: (typeof FIELDS)[number]): string => textOf(body[name]);
  const refusal = refusalOf(body, FIELDS);
  if (refusal !== undefined) return { refusal };
  const stored = configuredNode(field("id"));
  // The form may be one for a sub-device before gateway and cid are filled in.
  const isChild = body["kind"] === "child" || field("gateway") !== "" || field("cid") !== "";
  if (isChild) {
    return behindGateway(field("gateway"), field("cid"), field("name") || stored?.profile.name);
  }
  const wanted = { deviceId: field("deviceId"), ip: field("ip") };
  const localKey = keyIn(body);
  const use = localKey === undefined ? useStoredKey(field("id"), wanted) : { localKey, ip: wanted.ip };
  if ("refusal" in use) return use;
  return {
    input: {
      ...wanted,
      ...use,
      port: portOf(field("port")),
      version: versionOf(field("version")),
      name: field("name") || stored?.profile.name,
      device22Dps: stored?.settings?.device22Dps,
    },
  };
}

function behindGateway(gatewayId: string, cid: string, childName: string | undefined): ReadTestRequest {
  if (gatewayId === "") return { refusal: "Choose the gateway the device is behind." };
  const gateway = configuredNode(gatewayId);
  const settings = gateway?.settings;
  if (gateway?.profile.cid !== undefined) return { refusal: nestedSentence(gateway.profile.name) };
  if (!gateway || !settings) {
    return {
      refusal:
        "The gateway is not deployed or not complete. Deploy it first: what is behind it is reached through it.",
    };
  }
  if (cid === "") return { refusal: "Enter the node id (cid) of the sub-device." };
  return { input: { ...inputOf(settings), cid, childName } };
}

function inputOf(settings: DeviceSettings): DiagnosisInput {
  const { deviceId, localKey, ip, port, version, name } = settings;
  return { deviceId, localKey, ip, port, version, name };
}

/** The diagnosis itself names impossible ports and versions. */
function portOf(port: string): number {
  return port === "" ? DEFAULT_PORT : Number(port);
}

function versionOf(version: string): DiagnosisInput["version"] {
  return isProtocolVersion(version) ? version : "auto";
}
