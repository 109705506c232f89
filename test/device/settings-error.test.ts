import assert from "node:assert/strict";
import { settingsError } from "../../src/device/settings-error";
import type { DeviceSettings } from "../../src/device/types";
import { LOCAL_KEY } from "../support/virtual";

/** The code and the sentence; undefined for settings that can be right. */
function errorOf(settings: Partial<DeviceSettings>): [code: string, message: string] | undefined {
  const whole = {
    deviceId: "lamp",
    localKey: LOCAL_KEY,
    ip: "192.0.2.7",
    version: "auto",
    ...settings,
  } as const;
  const error = settingsError(whole, "Desk lamp");
  return error && [error.code, error.message];
}

describe("settingsError", () => {
  it("lets settings pass that can be right", () => {
    for (const port of [undefined, 1, 6668, 65_535])
      assert.equal(errorOf(port === undefined ? {} : { port }), undefined, `port ${port}`);
  });

  const wrong: [what: string, Partial<DeviceSettings>, sentence: RegExp][] = [
    ["no key", { localKey: "" }, /^Desk lamp has no local key\. Enter the 16 characters/],
    [
      "a key that is too short",
      { localKey: "x".repeat(15) },
      /^The local key of Desk lamp has 15 characters/,
    ],
    [
      "a key that is too long",
      { localKey: "x".repeat(17) },
      /has 17 characters instead of 16\. Copy it again/,
    ],
    [
      "a key with an accent",
      { localKey: "é".repeat(16) },
      /^The local key of Desk lamp has a character that no key has/,
    ],
    ["port 0", { port: 0 }, /^The port of Desk lamp is no number from 1 to 65535/],
    ["a port beyond all", { port: 65_536 }, /^The port of Desk lamp/],
    ["half a port", { port: 66.68 }, /^The port of Desk lamp/],
  ];
  for (const [what, settings, sentence] of wrong) {
    it(`names ${what}, and what to do`, () => {
      const [code, message] = errorOf(settings) ?? [];
      assert.equal(code, "NOT_CONFIGURED");
      assert.match(String(message), sentence);
    });
  }
});
