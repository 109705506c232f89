/** Body of `POST tuya/test`: settings as they stand in the form. Without `localKey` the stored key of `id` is used. */
export interface TestRequest {
  readonly id: string;
  /** For sentences. */
  readonly name: string;
  readonly deviceId: string;
  readonly ip: string;
  readonly port: string;
  readonly version: string;
  readonly localKey?: string;
  /** A sub-device, even while neither of the following is filled in. */
  readonly kind?: "child";
  readonly gateway?: string;
  readonly cid?: string;
}
