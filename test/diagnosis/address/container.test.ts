import assert from "node:assert/strict";
import { isContainer } from "../../../src/diagnosis/address/container";

function files(contents: Readonly<Record<string, string>>): Parameters<typeof isContainer>[0] {
  return { exists: (path) => path in contents, read: (path) => contents[path] ?? "" };
}

describe("isContainer", () => {
  it("knows the marks of Docker and Podman", () => {
    assert.equal(isContainer(files({ "/.dockerenv": "" })), true);
    assert.equal(isContainer(files({ "/run/.containerenv": "" })), true);
  });

  for (const line of [
    "12:pids:/docker/0123456789ab",
    "0::/kubepods/burstable/pod1",
    "1:name=systemd:/lxc/100",
    "0::/system.slice/containerd.service",
  ]) {
    it(`knows the control group ${line}`, () => {
      assert.equal(isContainer(files({ "/proc/self/cgroup": `${line}\n` })), true);
    });
  }

  it("takes a plain machine for what it is", () => {
    assert.equal(isContainer(files({})), false);
    assert.equal(isContainer(files({ "/proc/self/cgroup": "0::/user.slice/user-1000.slice\n" })), false);
  });

  it("looks at the real files unless told otherwise", () => {
    assert.equal(typeof isContainer(), "boolean");
  });
});
