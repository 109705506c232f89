import assert from "node:assert/strict";
import { checkAddress, checkTarget } from "../../src/discovery/local-target";

/** Too long a label for any name server to be asked. */
const UNKNOWN = "x".repeat(64);

describe("checkTarget", () => {
  for (const ip of ["10.0.0.7", "172.31.0.7", "192.168.1.7", "127.0.0.1"]) {
    it(`lets a test go to ${ip}`, async () => {
      assert.deepEqual(await checkTarget(ip), { ip });
    });
  }

  for (const ip of ["8.8.8.8", "192.0.2.7", "172.32.0.1", "::1", "::ffff:10.0.0.7", "fe80::1"]) {
    it(`refuses ${ip}`, async () => {
      assert.match(Object.values(await checkTarget(ip))[0] ?? "", /is no address of a local network/);
    });
  }

  it("lets a test go to a link-local address only where the device is deployed with it", async () => {
    assert.deepEqual(await checkTarget("169.254.1.7", "169.254.1.7"), { ip: "169.254.1.7" });
    for (const configured of [undefined, "", "169.254.1.8", "192.168.1.7"])
      assert.match(
        Object.values(await checkTarget("169.254.1.7", configured))[0] ?? "",
        /is a link-local address/,
      );
    assert.ok("refusal" in (await checkAddress("169.254.169.254")));
  });

  it("leaves a name nobody knows for the test to tell", async () => {
    assert.deepEqual(await checkTarget(UNKNOWN), { ip: UNKNOWN });
  });
});

describe("checkAddress", () => {
  it("gives the address of a name, and leaves a device without one to be looked for", async () => {
    assert.deepEqual(await checkAddress("localhost"), { ip: "127.0.0.1" });
    assert.deepEqual(await checkAddress(""), { ip: "" });
  });

  it("refuses a name nobody knows: later it might lead anywhere", async () => {
    assert.match(Object.values(await checkAddress(UNKNOWN))[0] ?? "", /is not known\. Check the spelling/);
  });

  it("refuses addresses of other networks", async () => {
    assert.ok("refusal" in (await checkAddress("8.8.8.8")));
  });
});
