import type { NodeAPI, NodeDef } from "node-red";
import { configuredNode } from "../../link/configured-devices";
import type { ShareDiscovery } from "../../runtime/discovery-share";
import { textOf } from "../../runtime/properties";
import { storedKeys } from "./stored-key";

/** The connection a request asks for, as it stands in a form. */
export interface WantedUse {
  readonly deviceId: string;
  /** "" = wherever the device announces itself from. */
  readonly ip: string;
}

/** A stored key, and the address it may be used at; or why it may not be used, as a sentence. */
export type StoredKeyUse = { readonly localKey: string; readonly ip: string } | { readonly refusal: string };

/** The stored key of a node for a connection; see `placeFor`. "" where there is none. */
export type UseStoredKey = (nodeId: string, wanted: WantedUse) => StoredKeyUse;

/** What is deployed of a node, and where its device has been met. */
export interface DeployedPlace extends WantedUse {
  readonly name: string;
  /** The address at which the device that runs has proved that it holds the key. */
  readonly provenIp: string | undefined;
}

export function storedKeyUse(RED: NodeAPI, share: ShareDiscovery): UseStoredKey {
  const storedKey = storedKeys(RED);
  return (nodeId, wanted) => {
    const localKey = storedKey(nodeId);
    const deployed = localKey === "" ? undefined : deployedPlace(RED, nodeId);
    if (!deployed) return { localKey, ip: wanted.ip };
    const place = placeFor(deployed, wanted, () => announcedFrom(share, deployed.deviceId));
    return "refusal" in place ? place : { localKey, ip: place.ip };
  };
}

/**
 * Where a stored key may be used: at the address that is deployed with it, where the device has proved itself, and, as an
 * announcement is a hint and no proof, at an announced address as one that was announced: "" as in settings without one.
 * Anywhere else whoever may test could have frames sealed with a key he does not know.
 */
export function placeFor(
  deployed: DeployedPlace,
  wanted: WantedUse,
  announced: () => readonly string[],
): { readonly ip: string } | { readonly refusal: string } {
  const { ip } = wanted;
  if (ip !== "" && (ip === deployed.ip || ip === deployed.provenIp)) return { ip };
  const isSameDevice = wanted.deviceId === deployed.deviceId;
  if (isSameDevice && (ip === "" || announced().includes(ip))) return { ip: "" };
  const place = ip === "" ? `for the device ${wanted.deviceId}` : `at ${ip}`;
  return {
    refusal: `The stored key of ${deployed.name} is not used ${place}: only at the address it is deployed with, where the device has proved itself, or where it announces itself. Enter the key here, or deploy the new settings first.`,
  };
}

interface DeviceDef extends NodeDef {
  readonly deviceId?: unknown;
  readonly ip?: unknown;
}

/** Of a node that runs its settings, of one that is disabled what stands in the flows; undefined for any other id. */
function deployedPlace(RED: NodeAPI, nodeId: string): DeployedPlace | undefined {
  const link = configuredNode(nodeId);
  if (link?.settings) {
    const { deviceId, ip } = link.settings;
    const state = link.device?.state;
    const provenIp = state?.kind === "ready" && state.keyProven ? state.ip : undefined;
    return { name: link.profile.name, deviceId, ip, provenIp };
  }
  let found: DeployedPlace | undefined;
  RED.nodes.eachNode((def) => {
    if (def.id !== nodeId) return;
    const { name, deviceId, ip } = def as DeviceDef;
    found = {
      name: name || textOf(deviceId) || nodeId,
      deviceId: textOf(deviceId),
      ip: textOf(ip),
      provenIp: undefined,
    };
  });
  return found;
}

function announcedFrom(share: ShareDiscovery, deviceId: string): readonly string[] {
  const shared = share();
  const heard = shared?.discovery.device(deviceId);
  shared?.release();
  return heard ? [heard.ip, heard.sender] : [];
}
