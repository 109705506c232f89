import type { NodeAPI, NodeDef } from "node-red";
import { configuredNode } from "../../link/configured-devices";
import type { ShareDiscovery } from "../../runtime/discovery-share";
import { textOf } from "../../runtime/properties";
import { storedKeys } from "./stored-key";

/** The connection that a request wants, as in the form. */
export interface WantedUse {
  readonly deviceId: string;
  /** "" = the address the device announces. */
  readonly ip: string;
}

/** A stored key and the address it may be used at, or a sentence that says why it may not be used. */
export type StoredKeyUse = { readonly localKey: string; readonly ip: string } | { readonly refusal: string };

/** The stored key of a node for a connection; see `placeFor`. "" if there is none. */
export type UseStoredKey = (nodeId: string, wanted: WantedUse) => StoredKeyUse;

/** The deployed address of a node, and the one where its device proved its key. */
export interface DeployedPlace extends WantedUse {
  readonly name: string;
  /** The address at which the running device has proved its key. */
  readonly provenIp: string | undefined;
}

/** Looks up stored keys for requests of the editor. A key is used only where its device is known to be: see `placeFor`. */
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
 * The address at which a stored key may be used: the deployed one, or the one where the device has proved its key. An
 * announced address is returned as "", as in settings without an address: then it is treated as one that proves nothing.
 * At any other address a user could make this server encrypt frames with a key he does not know.
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

/** For a running node its settings, for a disabled one the properties in the flows; undefined for any other id. */
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
