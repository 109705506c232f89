/** The parts of tuyapi 7.7.1 that read and write frames. It ships types for its main class only. */
declare module "tuyapi/lib/message-parser" {
  export interface Packet {
    /** Parsed JSON, or text; a Buffer where neither is recognised; false for nothing. */
    payload: unknown;
    commandByte: number;
    sequenceN: number;
  }

  export class MessageParser {
    constructor(options: { key: string; version: string });
    readonly cipher: { setSessionKey(key: Buffer): void };
    parse(bytes: Buffer): Packet[];
    encode(options: { data: unknown; encrypted?: boolean; commandByte: number; sequenceN?: number }): Buffer;
  }
}
