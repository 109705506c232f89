import assert from "node:assert/strict";
import { sign } from "../../src/platform/signature";

describe("sign", () => {
  // The example of developer.tuya.com/en/docs/iot/new-singnature?id=Kbw0q34cs2e5g, with its results.
  const credentials = {
    accessId: "1KAD46OrT9HafiKdsXeg",
    accessSecret: "4OHBOnWOqaEC1mWXOpVL3yV50s0qGSRC",
  };
  const request = {
    method: "GET",
    headers: "area_id:29a33e8796834b1efa6\ncall_id:8afdb70ab2ed11eb85290242ac130003\n",
    t: "1588925778000",
    nonce: "5138cc3a9033d69856923fd07b491173",
  } as const;

  it("signs a request for a token as Tuya's example does", () => {
    assert.equal(
      sign(credentials, { ...request, token: "", url: "/v1.0/token?grant_type=1" }),
      "9E48A3E93B302EEECC803C7241985D0A34EB944F40FB573C7B5C2A82158AF13E",
    );
  });

  it("signs any other request as Tuya's example does", () => {
    const token = "3f4eda2bdec17232f67c0b188af3eec1";
    assert.equal(
      sign(credentials, { ...request, token, url: "/v2.0/apps/schema/users?page_no=1&page_size=50" }),
      "AE4481C692AA80B25F3A7E12C3A5FD9BBF6251539DD78E565A1A72A508A88784",
    );
  });
});
