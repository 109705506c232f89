import { isVariable } from "../base/checks";
import { distinctLabelOf } from "../base/namesakes";
import { devicesInEditor, NONE, type DeviceNode, type Translate } from "../base/red";

/** The properties that identify a device; without gateway and cid it is no sub-device. */
type Identity = Pick<DeviceNode, "deviceId" | "gateway" | "cid">;

/** Shows below the ids in a form, while they are typed, which other nodes are for the same device. */
export function showTwins(form: JQuery, node: DeviceNode, translate: Translate): void {
  const fields = form.find(
    "#tuya-device-kind, #node-config-input-deviceId, #node-config-input-cid, #node-config-input-gateway",
  );
  const value = (selector: string): string => String(form.find(selector).val() ?? "").trim();
  const show = (): void => {
    const isChild = value("#tuya-device-kind") === "child";
    const twins = twinsOf(node.id, {
      deviceId: value("#node-config-input-deviceId"),
      gateway: isChild ? value("#node-config-input-gateway") : "",
      cid: isChild ? value("#node-config-input-cid") : "",
    });
    const names = twins.map(({ id }) => `“${distinctLabelOf(id)}”`).join(", ");
    const key = isChild ? "child" : "wifi";
    form.find(".tuya-twin").text(names === "" ? "" : translate(`tuya-device.twin.${key}`, { names }));
  };
  fields.on("input change", show);
  show();
}

/** The other nodes in the editor for this device; empty if the ids are not complete yet. */
function twinsOf(self: string, { deviceId, gateway, cid }: Identity): readonly DeviceNode[] {
  const isChild = gateway !== "" || cid !== "";
  if ([deviceId, cid].some(isVariable) || (isChild ? cid : deviceId) === "") return [];
  return devicesInEditor().filter((other) => {
    if (other.id === self) return false;
    if (!isChild) return other.deviceId === deviceId && !other.cid;
    // The same device id is enough for a sub-device as well, whatever its gateway is.
    const isSameId = deviceId !== "" && other.deviceId === deviceId;
    return other.cid === cid && (isSameId || (other.gateway === gateway && gateway !== NONE));
  });
}
