import type { DeviceSettings } from "../../../src/device/types";
import { explain } from "../../../src/diagnosis/sentences/explain";
import { judgeSettings } from "../../../src/diagnosis/settings";
import { configuredDevice } from "../../link/configured-devices";
import type { LearnRequest } from "../../contract/learn";
import type { LearnSubject } from "./learner";
import { textOf } from "../../runtime/properties";
import { checkEntered, fieldsOf } from "../request-fields";
import type { UseStoredKey } from "../keys/stored-key-use";
import { readTestRequest } from "../test/test-request";

/** The device to learn from, or a sentence that says why that is not possible. */
export type ReadLearnRequest = { readonly subject: LearnSubject } | { readonly refusal: string };

/** Longer lists of data points make some devices reboot. */
const MAX_REFRESH_DPS = 12;

/**
 * Reads the body of `POST tuya/learn`: that of `POST tuya/test`, and in `refreshDps` the numbers of the measured data
 * points. If the flows use the device, their connection and settings are used, whatever the body says. Otherwise
 * impossible settings are refused.
 */
export async function readLearnRequest(
  body: unknown,
  useStoredKey: UseStoredKey,
  canHear: () => boolean,
): Promise<ReadLearnRequest> {
  const read = readTestRequest(body, (nodeId, wanted) =>
    // The connection of the flows is used, so neither key nor address are needed.
    configuredDevice(wanted.deviceId)?.device ? { localKey: "", ip: "" } : useStoredKey(nodeId, wanted),
  );
  if ("refusal" in read) return read;
  const { input } = read;
  const { deviceId, localKey, port, version, cid, device22Dps } = input;
  const name = input.name || deviceId;
  const fields = fieldsOf<LearnRequest>(body);
  const entered = textOf(fields.name);
  const refreshDps = numbersOf(fields.refreshDps);
  const subject = (settings: DeviceSettings): ReadLearnRequest => ({
    subject: { settings, name: cid === undefined ? name : entered || cid, cid, refreshDps },
  });
  const deployed = configuredDevice(deviceId);
  if (deployed?.device && deployed.settings) return subject(deployed.settings);

  const judged = judgeSettings(input);
  if ("cause" in judged) {
    const about = { name: name || "The device", ip: input.ip, port: port ?? 0, heardAt: undefined };
    const { says, hint } = explain(judged.cause, about);
    return { refusal: `${says} ${hint}` };
  }
  const target = await checkEntered(input.ip, canHear, deployed?.settings?.ip);
  if ("refusal" in target) return target;
  return subject({ deviceId, localKey, name, ip: target.ip, port, version, device22Dps });
}

function numbersOf(value: unknown): number[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const isDp = (item: unknown): item is number =>
    typeof item === "number" && Number.isInteger(item) && item >= 1 && item <= 255;
  return [...new Set(items.filter(isDp))].slice(0, MAX_REFRESH_DPS);
}
