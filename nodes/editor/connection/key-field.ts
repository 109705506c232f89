import { countCharacters, LOCAL_KEY_LENGTH, readLocalKey } from "../../../src/local-key";
import { STORED } from "../base/credentials";
import type { Translate } from "../base/red";
import "./key-field.css";

/** The elements of the key field. */
export interface KeyFieldParts {
  readonly input: JQuery;
  /** Shows `16/16`. */
  readonly count: JQuery;
  /** Shows and hides what is typed. */
  readonly eye: JQuery;
  /** One sentence about the key, with a button if it can be repaired. */
  readonly note: JQuery;
  /** Of the node. */
  readonly translate: Translate;
}

/** The typed key with its blanks; undefined while the stored one is kept, which the browser never gets. */
export function typedKey(input: JQuery): string | undefined {
  const text = String(input.val() ?? "");
  return text === STORED ? undefined : text;
}

/**
 * Adds the behaviour of the key field, which holds the saved value already: counts characters, says what is odd about a pasted key, and offers a repair.
 * Nothing is repaired without being asked, and nothing is refused.
 */
export function prepareKeyField({ input, count, eye, note, translate }: KeyFieldParts): void {
  const wasStored = input.val() === STORED;
  /** The text that count and note are about. */
  let shown: string | undefined;

  // A stored key is not in the browser and cannot be edited: the first change begins a new key.
  input.on("beforeinput", () => {
    if (input.val() === STORED) setValue("");
  });
  input.on("input change", render);
  // Node-RED validates a field when it is left. Until then a complete key would stay marked as wrong.
  input.on("input", () => {
    if (input.hasClass("input-error")) input.trigger("change");
  });
  eye.on("click", () => {
    reveal(input.attr("type") === "password");
    input.trigger("focus");
  });
  render();

  function setValue(value: string): void {
    input.val(value).trigger("change");
  }

  function reveal(visible: boolean): void {
    input.attr("type", visible ? "text" : "password");
    eye.find("i").toggleClass("fa-eye", !visible).toggleClass("fa-eye-slash", visible);
    eye.attr("aria-pressed", String(visible));
  }

  /** Replaces the note. */
  function say(tone: "quiet" | "good" | "warning", key: string, parameters?: Parameters<Translate>[1]): void {
    note
      .empty()
      .attr("data-tone", tone)
      .append($("<span>").text(translate(`tuya-device.key.${key}`, parameters)));
  }

  /** Adds a button to the note. */
  function offer(key: string, action: () => void): void {
    $('<button type="button" class="red-ui-button red-ui-button-small">')
      .text(translate(`tuya-device.key.${key}`))
      .on("click", action)
      .appendTo(note);
  }

  function render(): void {
    const text = String(input.val() ?? "");
    // Pressing a button of the note first leaves the field, which must not remove the button.
    if (text === shown) return;
    shown = text;
    const isStored = text === STORED;
    eye.toggle(!isStored && text !== "");
    if (isStored || text === "") reveal(false);
    if (isStored) {
      count.text("").removeAttr("data-tone");
      say("quiet", "stored");
      return;
    }
    const reading = readLocalKey(text);
    const length = countCharacters(text);
    count
      .text(reading.kind === "variable" ? "" : `${length}/${LOCAL_KEY_LENGTH}`)
      .attr("data-tone", reading.kind === "key" ? "good" : length === 0 ? "quiet" : "warning");
    switch (reading.kind) {
      case "empty":
        if (wasStored) {
          say("warning", "removed");
          offer("keep", () => setValue(STORED));
        } else {
          say("quiet", "where");
        }
        break;
      case "variable":
        say("good", "variable", { name: reading.name });
        break;
      case "key":
        say("good", "good");
        break;
      case "damaged":
        say("warning", "damaged", {
          length: reading.length,
          damage: reading.damage.map((kind) => translate(`tuya-device.key.damage.${kind}`)).join(", "),
        });
        offer("repair", () => setValue(reading.key));
        break;
      case "unlikely":
        say("warning", "unlikely");
        break;
      case "length":
        say("warning", "length", { length: reading.length });
        break;
    }
  }
}
