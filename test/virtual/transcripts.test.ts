import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { openGcm, RawClient } from "../support/raw-client";
import { startDevice } from "../support/virtual";

interface TranscriptEvent {
  readonly dir: "connect" | "to_device" | "from_device" | "device_event";
  readonly frameHex?: string;
  readonly note?: string;
  readonly event?: "FIN";
  readonly keyRole?: "local" | "session";
  readonly seq?: number;
  readonly cmd?: number;
  readonly plaintextHex?: string;
}

interface Transcript {
  readonly id: string;
  readonly title: string;
  readonly localKeyHex: string;
  readonly sessionKeyHex: string;
  readonly events: readonly TranscriptEvent[];
}

const { transcripts } = JSON.parse(readFileSync("test/vectors/vectors.json", "utf8")) as {
  transcripts: Transcript[];
};

/** Nonce, clock and data points of the device that was recorded. */
const NONCE = Buffer.from("9c41f07be2d8635a", "latin1");
const T = 1_700_000_000;
const DPS = { "1": false, "2": 0, "4": "low", "6": 0, "7": false };

/** Where the number of a report stands in the plain text of a STATUS: return code, version, CRC, then 4 bytes. */
const SOURCE_SEQUENCE = 11;

/** Numbers both devices chose at random; only how they go on from there is compared. */
class Numbers {
  #offset: number | undefined;

  check(actual: number, recorded: number, what: string): void {
    this.#offset ??= actual - recorded;
    assert.equal(actual - this.#offset, recorded, what);
  }
}

describe("a virtual device and the vendor's own code (TuyaOpen 2025)", () => {
  for (const transcript of transcripts) {
    it(`do the same in ${transcript.id}: ${transcript.title}`, async () => {
      const localKey = Buffer.from(transcript.localKeyHex, "hex");
      const sessionKey = Buffer.from(transcript.sessionKeyHex, "hex");
      const device = await startDevice("3.5", {
        behaviour: "3.5o",
        localKey: localKey.toString("latin1"),
        dps: DPS,
        nonce: NONCE,
        now: () => T,
        overrides: { statusFirst: 0, sequencesSwapped: 0 },
      });
      const connected = once(device, "connect");
      let isNegotiated = false;
      device.on("negotiate", () => (isNegotiated = true));
      const client = await RawClient.open(device, localKey.toString("latin1"), { negotiate: false });
      await connected;
      const [frameNumbers, reportNumbers] = [new Numbers(), new Numbers()];
      let compared = 0;

      for (const [index, event] of transcript.events.entries()) {
        const { dir, frameHex = "", note = "", plaintextHex = "" } = event;
        if (dir === "to_device") {
          await client.writeAlone(Buffer.from(frameHex, "hex"));
        } else if (dir === "device_event") {
          const isUnderSession = transcript.events[index + 1]?.keyRole === "session";
          if (isUnderSession && !isNegotiated) await once(device, "negotiate");
          const [, dp = "", value] = /^report (\d+) (\d+)$/.exec(note) ?? [];
          device.set({ [dp]: Number(value) });
        } else if (dir === "from_device" && event.event === "FIN") {
          assert.equal(await client.ended, "closed");
          compared++;
        } else if (dir === "from_device") {
          const frame = await client.nextFrame();
          const plain = openGcm(frame, event.keyRole === "local" ? localKey : sessionKey);
          const recorded = Buffer.from(plaintextHex, "hex");
          if (event.cmd === 8) {
            const number = plain.readUInt32BE(SOURCE_SEQUENCE);
            reportNumbers.check(number, recorded.readUInt32BE(SOURCE_SEQUENCE), `report at event ${index}`);
            plain.writeUInt32BE(recorded.readUInt32BE(SOURCE_SEQUENCE), SOURCE_SEQUENCE);
          }
          assert.equal(frame.readUInt32BE(10), event.cmd);
          assert.equal(plain.toString("hex"), plaintextHex, `plain text at event ${index}`);
          frameNumbers.check(frame.readUInt32BE(6), event.seq ?? 0, `sequence at event ${index}`);
          compared++;
        }
      }
      assert.equal(compared, transcript.events.filter(({ dir }) => dir === "from_device").length);
    });
  }
});
