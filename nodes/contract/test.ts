/** Body of `POST tuya/test`: the settings in the form. Without `localKey` the stored key of the node `id` is used. */
export interface TestRequest {
  /** The id of the node; it need not be deployed. */
  readonly id: string;
  /** Display name, for sentences. */
  readonly name: string;
  readonly deviceId: string;
  /** As typed: "" = the device is looked for by its announcements. For a sub-device "", because its gateway's is used. */
  readonly ip: string;
  /** As typed: "" = the usual one. */
  readonly port: string;
  /** "auto" = it is found out by trying. */
  readonly version: string;
  readonly localKey?: string;
  /** Set for a sub-device, even if gateway and cid are not filled in yet. */
  readonly kind?: "child";
  /** For a sub-device: the id of its gateway's node, "" if none is chosen. */
  readonly gateway?: string;
  readonly cid?: string;
}
