/** Body of `POST tuya/test`: the settings in the form. Without `localKey` the stored key of the node `id` is used. */
export interface TestRequest {
  readonly id: string;
  /** Display name, for sentences. */
  readonly name: string;
  readonly deviceId: string;
  readonly ip: string;
  readonly port: string;
  readonly version: string;
  readonly localKey?: string;
  /** Set for a sub-device, even if gateway and cid are not filled in yet. */
  readonly kind?: "child";
  readonly gateway?: string;
  readonly cid?: string;
}
