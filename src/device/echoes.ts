import { BoundedMap } from "../bounded-map";
import { memoryOf } from "../protocol/limits";
import type { Dps, DpValue } from "../protocol/dps";

/** What was sent to a data point, newest first, and what the device had last said of it by itself. */
interface Sent {
  readonly texts: readonly string[];
  readonly before: DpValue | undefined;
}

/** Commands whose reports may still be on their way. */
const MAX_TEXTS = 4;

/** In bytes: some hundred texts. Of older ones nobody knows any more whose form they have. */
const BYTES = 32 * 1024;

/**
 * Which texts a device only says because it was told so. How a device writes bytes is seen in what it reports, but firmware
 * keeps any text it is sent, in whatever form: an echo of ours teaches nothing about its own.
 */
export class Echoes {
  /** Made when there is one: most devices take no texts. */
  #sent: BoundedMap<Sent> | undefined;

  /** Values are on their way to the device. @param known its last values */
  noteSent(dps: Dps, known: Dps, cid?: string): void {
    for (const [dp, text] of Object.entries(dps)) {
      if (typeof text !== "string" || text === known[dp]) continue;
      const key = keyOf(dp, cid);
      this.#sent ??= new BoundedMap({ budget: BYTES, bytesOf, whenFull: "forget-oldest" });
      const texts = [text, ...(this.#sent.get(key)?.texts ?? [])].slice(0, MAX_TEXTS);
      this.#sent.set(key, { texts, before: this.own(dp, known[dp], cid) });
    }
  }

  /** The device says something: what it was not told is its own. */
  noteReport(dps: Dps, cid?: string): void {
    const all = this.#sent;
    if (!all || all.size === 0) return;
    for (const [dp, value] of Object.entries(dps)) {
      const key = keyOf(dp, cid);
      const sent = all.get(key);
      const isOwn = typeof value === "string" && sent && !sent.texts.includes(value) && value !== sent.before;
      if (isOwn) all.delete(key);
    }
  }

  /** The last value the device said by itself; undefined where it has only repeated what it was told. */
  own(dp: string, known: DpValue | undefined, cid?: string): DpValue | undefined {
    const sent = this.#sent?.get(keyOf(dp, cid));
    return sent && sent.texts.some((text) => text === known) ? sent.before : known;
  }
}

function bytesOf({ texts, before }: Sent): number {
  return memoryOf(texts) + memoryOf(before ?? null);
}

function keyOf(dp: string, cid = ""): string {
  return `${cid}/${dp}`;
}
