import { DataPointMap } from "../../src/datapoints/datapoint-map";
import type { DeviceSettings } from "../../src/device/types";
import { checkTarget } from "../../src/diagnosis/local-target";
import { configuredNode } from "./configured-devices";
import { type DeviceProperties, readConfiguration } from "./device-settings";
import { isPlainObject } from "./operation";
import { textOf } from "./properties";

/** Longer than any id, key or host name. */
const MAX_TEXT = 256;

/** The gateway `POST tuya/children` is to ask; or why it cannot, as a sentence. */
export type ChildrenRequest = { readonly settings: DeviceSettings } | { readonly refusal: string };

const FIELDS = ["gateway", "name", "deviceId", "ip", "port", "version"] as const;

/**
 * Reads the body of `POST tuya/children`: `{gateway}`, the id of the gateway's node, and where that is not deployed as it
 * stands in the editor also `changed: true` and its settings, as a flow file has them. Without `localKey` the stored one
 * is used.
 */
export async function readChildrenRequest(
  body: unknown,
  storedKey: (nodeId: string) => string,
): Promise<ChildrenRequest> {
  if (!isPlainObject(body)) return { refusal: "The request names no gateway." };
  const tooLong = FIELDS.find((field) => textOf(body[field]).length > MAX_TEXT);
  if (tooLong !== undefined) return { refusal: `The field ${tooLong} is too long.` };
  const { localKey } = body;
  if (localKey !== undefined && (typeof localKey !== "string" || localKey.length > MAX_TEXT)) {
    return { refusal: "The local key is no text, or far too long." };
  }
  const nodeId = textOf(body["gateway"]);
  const deployed = configuredNode(nodeId);
  if (deployed?.profile.cid !== undefined) {
    return {
      refusal: `${deployed.profile.name} is behind a gateway itself. Choose the gateway they are both behind.`,
    };
  }
  if (deployed?.settings && body["changed"] !== true) return { settings: deployed.settings };
  if (textOf(body["deviceId"]) === "") {
    return { refusal: "The gateway has no device id, or is not deployed. Complete it first." };
  }
  return readEntered(body, localKey ?? storedKey(nodeId));
}

/** Settings that are not deployed may lead anywhere, so they are looked at as those of a test are. */
async function readEntered(properties: DeviceProperties, localKey: string): Promise<ChildrenRequest> {
  const configuration = readConfiguration(
    { ...properties, gateway: "", cid: "" },
    localKey,
    DataPointMap.EMPTY,
  );
  if (configuration.kind === "unusable") return { refusal: configuration.error.message };
  if (configuration.kind === "child") return { refusal: "A gateway is behind no gateway." };
  const { settings } = configuration;
  const target = await checkTarget(settings.ip);
  return "refusal" in target ? target : { settings: { ...settings, ip: target.ip } };
}
