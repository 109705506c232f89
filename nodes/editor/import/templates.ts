import type { ImportedDevice } from "../../../src/import/imported-device";
import type { TemplateForDevice } from "./rows";
import { offerProfile, type Template } from "../datapoints/profile-offer";

/** The templates for devices of which a list names no data points, by device id: those that clearly fit. */
export function templatesFor(
  devices: readonly ImportedDevice[],
  templates: readonly Template[],
): ReadonlyMap<string, TemplateForDevice> {
  const found = new Map<string, TemplateForDevice>();
  for (const device of devices) {
    const offer = offerProfile(templates, device);
    if (offer) found.set(device.id, { name: offer.template.profile.name, datapoints: offer.entries });
  }
  return found;
}
