import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/*
 * Everything that is kept because of what the network sends has a bound that is written down: a store in the sources that
 * stands neither in docs/reliability.md nor below fails. So does one that is gone and still stands there.
 */

/** Stores that grow by what people configure, deploy and send, and by nothing a device says. */
const NOT_FROM_THE_NETWORK: readonly string[] = [
  "src/device/child-watch.ts #unread",
  "src/device/children.ts #followed",
  "src/device/registry.ts closing",
  "src/device/registry.ts entries",
  "src/discovery/discovery.ts #seekers",
  "src/discovery/discovery.ts #watched",
  "src/listeners.ts #caused",
  "src/listeners.ts #listeners",
  "src/session/requests/exchange.ts #waiting",
  "src/session/requests/null-query.ts #missing",
  "src/session/requests/queries.ts #read",
  "src/session/requests/queries.ts #waiting",
  "src/session/requests/set-command.ts #waiters",
  "src/session/requests/setter.ts #sent",
  "src/session/requests/setter.ts #timers",
  "src/session/requests/setter.ts #unsure",
  "src/session/requests/setter.ts #waiting",
  "src/diagnosis/version/search.ts #spoken",
  "src/mqtt/topics.ts #totals",
  "src/mqtt/topics.ts #values",
  "nodes/admin/learn/learner.ts #removers",
  "nodes/admin/test/test-route.ts #testing",
  "nodes/admin/overview/overview-route.ts publications",
  "nodes/admin/overview/publication.ts #removers",
  "nodes/admin/overview/publication.ts #stale",
  "nodes/admin/overview/publication.ts #watchers",
  "nodes/link/all-devices.ts #members",
  "nodes/link/child-link.ts #unfollow",
  "nodes/link/configured-devices.ts links",
  "nodes/link/device-link.ts #users",
  "nodes/link/link-history.ts NONE",
  "nodes/link/mqtt-devices.ts known",
  "nodes/link/mqtt-devices.ts knownLinks",
  "nodes/link/mqtt-hub.ts listeners",
  "nodes/link/overall-view.ts #links",
  "nodes/runtime/broker-status.ts #listeners",
  "nodes/runtime/broker-status.ts relays",
  "nodes/runtime/discovery-share.ts warned",
  "nodes/runtime/flows-started.ts #listeners",
  "nodes/runtime/flows-started.ts relays",
  "nodes/tuya-discover/scan.ts #removers",
  "nodes/tuya-in/mqtt/mqtt-publisher.ts #members",
  "nodes/tuya-in/mqtt/mqtt-publisher.ts #voices",
  "nodes/tuya-in/mqtt/paced-sender.ts #news",
  "nodes/tuya-out/command-runner.ts #queued",
  "nodes/tuya-out/command-runner.ts #running",
  "nodes/tuya-out/command.ts #foreign",
  "nodes/tuya-out/turns.ts #last",
  "nodes/tuya-raw/tuya-raw.ts #waiting",
];

/** Stores no such line declares: what a socket or a closure holds. */
const DECLARED_OTHERWISE: readonly string[] = [
  "src/protocol/frame-decoder.ts #store",
  "src/session/connection/discarded-run.ts #store",
  "src/discovery/discovery.ts #ignored",
  "nodes/tuya-raw/tuya-raw.ts early",
  "nodes/admin/line-stream.ts unsent",
];

/** Where nothing is kept of the network: a browser, a command that ends, a device in software, a conversion of flows. */
const ELSEWHERE = /^(?:nodes\/editor|src\/cli|src\/virtual|src\/import)\//;

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join(folder, ...file.split(path.sep)))
    .filter((file) => file.endsWith(".ts") && !ELSEWHERE.test(file));
}

/** A field of a class, or a variable of a module. */
const DECLARATION =
  /^(?: {2}(?!const |let |return )(?:(?:private|static|readonly) )*(#?\w+)|(?:const|let) (\w+))\b[:= ]/;
/** It holds something that can grow, at once or once there is something. What is filled where it is declared is a table. */
const GROWS =
  /new (?:Weak)?(?:Map|Set)(?:<.*>)?\(\)|[ :](?:Weak)?(?:Map|Set)<.*> \| undefined;|BoundedMap<|\[\] = (?:\[\]|NONE)|#\w+: .*\[\] \| undefined(?: = \[\])?;/;

/** `file field` of every store there is. */
function stores(): string[] {
  return ["src", "nodes"].flatMap(sources).flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => GROWS.test(line))
      .flatMap((line) => {
        const [, field, variable] = DECLARATION.exec(line) ?? [];
        const name = field ?? variable;
        return name === undefined ? [] : [`${file} ${name}`];
      }),
  );
}

/** The rows of the table of stores: `file field`, what is kept, and the bound. */
function documented(): string[][] {
  const text = readFileSync("docs/reliability.md", "utf8");
  return [...text.matchAll(/^\| `([^`]+)` (#?\w+) *\| ([^|]+)\| ([^|]+)\|$/gm)].map(
    ([, file = "", field = "", what = "", bound = ""]) => [`${file} ${field}`, what.trim(), bound.trim()],
  );
}

describe("what is kept because of the network", () => {
  const rows = documented();
  const names = rows.map(([name = ""]) => name);

  it("has a bound that is written down, each store of it", () => {
    const known = new Set([...names, ...NOT_FROM_THE_NETWORK]);
    const found = stores();
    assert.ok(found.length > 40, `only ${found.length} stores were found`);
    assert.deepEqual(
      found.filter((store) => !known.has(store)),
      [],
      "a store in the sources has no bound in docs/reliability.md",
    );
  });

  it("is written down once, with a bound, and as long as it exists", () => {
    assert.deepEqual([...new Set(names)], names);
    for (const [name, what, bound] of rows)
      assert.ok(what && bound && /\d|one|those|own|budget|number|long/.test(bound), name);
    const there = new Set([...stores(), ...DECLARED_OTHERWISE]);
    assert.deepEqual(
      [...names, ...NOT_FROM_THE_NETWORK].filter((store) => !there.has(store)),
      [],
      "this store is gone",
    );
    for (const store of DECLARED_OTHERWISE) assert.ok(names.includes(store), `${store} has no bound`);
  });

  it("would be noticed", () => {
    const lines = [
      "  readonly #byId = new Map<string, Entry>();",
      "  #tried: Attempt[] = [];",
      "  readonly #passed = new BoundedMap<number>({",
      "const links = new Map<string, DeviceLink>();",
      "  #pending: TuyaError[] | undefined = [];",
      "  #caused: (() => void)[] | undefined;",
    ];
    for (const line of lines) assert.ok(GROWS.test(line) && DECLARATION.test(line), line);
    assert.ok(!GROWS.test("const NAMES: ReadonlyMap<number, string> = new Map(["));
  });
});
