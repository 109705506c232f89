/* Whose the CPU time is, by a CPU profile. */
import { Session } from "node:inspector/promises";

const SAMPLE_MICROSECONDS = 250;

/** tuyapi and what it depends on. All other modules are Node-RED's: this package has none. */
const OF_TUYAPI = /\/node_modules\/(tuyapi|debug|ms|p-queue|p-retry|p-timeout|retry)\//;

/** Whose code a frame is; undefined for Node.js itself and for native code. */
function ownerOf({ url, functionName }) {
  if (functionName === "(garbage collector)") return "garbage";
  if (functionName === "(idle)") return "idle";
  if (functionName === "dispatch" || url === "node:inspector") return "benchmark";
  if (url === "" || url.startsWith("node:")) return undefined;
  if (url.includes("/node_modules/")) return OF_TUYAPI.test(url) ? "package" : "Node-RED";
  return url.includes("/bench/node-red/") && !url.includes("/tuyapi-node/") ? "benchmark" : "package";
}

/** A profile of this process that is being taken. */
export class Profile {
  #session;

  static async start() {
    const profile = new Profile();
    profile.#session = new Session();
    profile.#session.connect();
    await profile.#session.post("Profiler.enable");
    await profile.#session.post("Profiler.setSamplingInterval", { interval: SAMPLE_MICROSECONDS });
    await profile.#session.post("Profiler.start");
    return profile;
  }

  /**
   * Ends it. Resolves with the samples of each owner, and of the 60 functions with most. What a package has done by Node.js,
   * decrypting for example, is apart ("package by Node.js"); what others have is theirs. A sample counts once, however long it
   * took to the next: that is also the time in which the machine did something else.
   */
  async take() {
    const { profile } = await this.#session.post("Profiler.stop");
    this.#session.disconnect();
    const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
    const parents = new Map(
      profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])),
    );
    const owner = (id) => {
      for (let at = id; at !== undefined; at = parents.get(at)) {
        const found = ownerOf(nodes.get(at).callFrame);
        if (found) return found === "package" && at !== id ? "package by Node.js" : found;
      }
      return "Node.js";
    };
    const owners = {};
    const functions = {};
    for (const id of profile.samples) {
      const whose = owner(id);
      owners[whose] = (owners[whose] ?? 0) + 1;
      const { functionName, url, lineNumber } = nodes.get(id).callFrame;
      const name = `${whose}: ${functionName} ${url.split("/").slice(-2).join("/")}:${lineNumber + 1}`;
      functions[name] = (functions[name] ?? 0) + 1;
    }
    const most = Object.entries(functions).toSorted(([, a], [, b]) => b - a);
    return { owners, functions: Object.fromEntries(most.slice(0, 60)) };
  }
}
