import { BoundedMap } from "../bounded-map";
import { memoryOf } from "../protocol/limits";
import type { Dps, DpValue } from "../protocol/dps";

/** Texts sent to a data point, newest first, and the last value the device had reported of its own. */
interface Sent {
  readonly texts: readonly string[];
  readonly before: DpValue | undefined;
}

/** Texts kept per data point: reports of the last few commands may still arrive. */
const MAX_TEXTS = 4;

/** Memory for all of them, in bytes: some hundred texts. The oldest are forgotten first. */
const BYTES = 32 * 1024;

/**
 * Tells texts a device only repeats from those it wrote itself. The form in which a device writes bytes (hex or base64)
 * is learnt from its reports. But firmware stores and reports any text it is sent, in whatever form, so a repeated text
 * says nothing about the device's own form.
 */
export class Echoes {
  /** Made with the first text: most devices take none. */
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

  /** The device reported values: a text that was not sent to it is its own. */
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

  /** The last value the device reported of its own; undefined if it has only repeated what was sent. */
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
