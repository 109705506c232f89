import assert from "node:assert/strict";
import { isIP } from "node:net";
import { isIPv4, isPrivateAddress } from "../src/ipv4";

describe("isPrivateAddress", () => {
  it("is true for the whole of the private, loopback and link-local networks", () => {
    const ends = [
      ["10.0.0.0", "10.255.255.255"],
      ["127.0.0.0", "127.255.255.255"],
      ["169.254.0.0", "169.254.255.255"],
      ["172.16.0.0", "172.31.255.255"],
      ["192.168.0.0", "192.168.255.255"],
    ];
    for (const address of ends.flat()) assert.equal(isPrivateAddress(address), true, address);
  });

  it("is false beside them, and for what is no address", () => {
    const beside =
      "9.255.255.255 11.0.0.0 126.255.255.255 128.0.0.0 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0";
    const far =
      "192.167.255.255 192.169.0.0 0.0.0.0 255.255.255.255 10. 10.1.2 10.1.2.3.4 10.1.2.256 10.1.2.03 10.1.2.3:80";
    const no = "10.example 192.168.1.lan ::1 ::ffff:10.1.2.3 fe80::1 010.1.2.3 0x0a.1.2.3";
    for (const text of [beside, far, no].flatMap((texts) => texts.split(" ")))
      assert.equal(isPrivateAddress(text), false, text);
    for (const text of ["", " 10.1.2.3", "10.1.2.3\n"]) assert.equal(isPrivateAddress(text), false);
  });
});

describe("isIPv4", () => {
  it("says what Node.js says", () => {
    const texts =
      "0.0.0.0 255.255.255.255 192.0.2.7 1.2.3 1.2.3.4.5 256.1.1.1 01.2.3.4 1.2.3.004 1..2.3 a.b.c.d ::1 1.2.3.4:5";
    for (const text of [...texts.split(" "), "", " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n"])
      assert.equal(isIPv4(text), isIP(text) === 4, JSON.stringify(text));
  });
});
