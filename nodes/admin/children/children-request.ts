import { DataPointMap } from "../../../src/datapoints/datapoint-map";
import type { DeviceSettings } from "../../../src/device/types";
import type { ChildrenRequest } from "../../contract/children";
import { configuredNode } from "../../link/configured-devices";
import { type DeviceProperties, readConfiguration } from "../../link/device-settings";
import { textOf, isPlainObject } from "../../runtime/properties";
import { checkEntered, keyIn, nestedSentence, refusalOf } from "../request-fields";
import type { UseStoredKey } from "../keys/stored-key-use";

/** The settings of the gateway to ask, or a sentence that says why it cannot be asked. */
export type ReadChildrenRequest = { readonly settings: DeviceSettings } | { readonly refusal: string };

const FIELDS = [
  "gateway",
  "name",
  "deviceId",
  "ip",
  "port",
  "version",
] as const satisfies readonly (keyof ChildrenRequest)[];

/**
 * Reads the body of `POST tuya/children`: `{gateway}`, the id of the gateway's node. If the editor has other settings for
 * it than the deployed ones, also `changed: true` and its settings, as in a flow file. Without `localKey` the stored key
 * is used.
 */
export async function readChildrenRequest(
  body: unknown,
  useStoredKey: UseStoredKey,
  canHear: () => boolean,
): Promise<ReadChildrenRequest> {
  if (!isPlainObject(body)) return { refusal: "The request names no gateway." };
  const refusal = refusalOf(body, FIELDS);
  if (refusal !== undefined) return { refusal };
  const nodeId = textOf(body["gateway"]);
  const deployed = configuredNode(nodeId);
  if (deployed?.profile.cid !== undefined) return { refusal: nestedSentence(deployed.profile.name) };
  if (deployed?.settings && body["changed"] !== true) return { settings: deployed.settings };
  if (textOf(body["deviceId"]) === "") {
    return { refusal: "The gateway has no device id, or is not deployed. Complete it first." };
  }
  const wanted = { deviceId: textOf(body["deviceId"]), ip: textOf(body["ip"]) };
  const localKey = keyIn(body);
  const use = localKey === undefined ? useStoredKey(nodeId, wanted) : { localKey, ip: wanted.ip };
  if ("refusal" in use) return use;
  return readEntered({ ...body, ip: use.ip }, use.localKey, canHear, deployed?.settings?.ip);
}

/** Settings that are not deployed may lead anywhere, so their address is checked as that of a test is. */
async function readEntered(
  properties: DeviceProperties,
  localKey: string,
  canHear: () => boolean,
  configuredIp: string | undefined,
): Promise<ReadChildrenRequest> {
  const configuration = readConfiguration(
    { ...properties, gateway: "", cid: "" },
    localKey,
    DataPointMap.EMPTY,
  );
  if (configuration.kind === "unusable") return { refusal: configuration.error.message };
  if (configuration.kind === "child") return { refusal: "A gateway is behind no gateway." };
  const { settings } = configuration;
  const target = await checkEntered(settings.ip, canHear, configuredIp);
  return "refusal" in target ? target : { settings: { ...settings, ip: target.ip } };
}
