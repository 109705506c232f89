/* The virtual devices of both packages, in a process of their own: what they cost is nobody's. */
import { setTimeout as sleep } from "node:timers/promises";
import { VirtualDevice } from "../../dist/src/virtual/virtual-device.js";
import { evenly, stamp, STAMPED_DP } from "./clock.mjs";
import { serve } from "./remote.mjs";

/** Of a plug with a meter. */
const DPS = { 1: true, 9: 0, 18: 432, 19: 1012, 20: 2301, 26: 0 };

/** Devices of each package, in pairs. */
let groups = [];
let next = 0;

/** Each of `groupNames` gets `count` devices; the same ones of each, but for id and port. */
async function start({ groupNames, count, versions, localKey }) {
  const places = {};
  groups = await Promise.all(
    groupNames.map(async (group) => {
      const devices = [];
      for (let i = 0; i < count; i++) {
        const id = `${group}${String(i).padStart(20 - group.length, "0")}`;
        const device = new VirtualDevice({
          id,
          localKey,
          version: versions[i % versions.length],
          dps: DPS,
          seed: i,
        });
        await device.listen();
        devices.push(device);
      }
      places[group] = devices.map(({ id, version, port }) => ({ id, version, port }));
      return devices;
    }),
  );
  return places;
}

/** Every package gets so many pushes, one device after the other, evenly spread. */
async function push({ seconds, perSecond }) {
  await evenly({ seconds, perSecond }, () => {
    for (const devices of next % 2 === 0 ? groups : groups.toReversed())
      devices[next % devices.length].set({ [STAMPED_DP]: stamp() });
    next++;
  });
}

/** All devices lose their power for so long. Once it is back they announce themselves; resolves with when that was. */
async function cutPower(seconds, announcePort) {
  const devices = groups.flat();
  await Promise.all(devices.map((device) => device.close()));
  await sleep(seconds * 1_000);
  await Promise.all(devices.map((device) => device.listen()));
  for (const device of devices) device.startAnnouncing({ port: announcePort });
  return stamp();
}

serve({ start, push, cutPower });
