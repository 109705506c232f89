import type { NodeAPI } from "node-red";
import { keyState } from "../../../src/local-key";
import type { StoredKeyStates } from "../../contract/keys";
import { get } from "../route";
import { ConfiguredKeys } from "./configured-keys";
import { storedText } from "./stored-key";

/**
 * `GET tuya/keys` (permission `tuya.read`): which deployed devices have a usable key. The editor never sees stored keys,
 * so it asks. Register once per load of the module.
 */
export function registerKeysRoute(RED: NodeAPI): void {
  const configured = new ConfiguredKeys(RED);
  get(RED, "/tuya/keys", "Looking for keys", (_request, response) => {
    const states: StoredKeyStates = Object.fromEntries(
      configured.holders().map(({ nodeId }) => [nodeId, keyState(storedText(RED, nodeId))]),
    );
    response.set("Cache-Control", "no-store").json(states);
  });
}
