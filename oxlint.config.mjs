/*
 * The rules of the linter, above all which room may import which: see the table in CONTRIBUTING.md. Of several entries for
 * the same rule and file the last one counts, and it alone. So each says all that is forbidden in its files.
 */

/** The rooms of src/, without protocol, which all of them may import. */
const ROOMS = [
  "session",
  "device",
  "discovery",
  "datapoints",
  "import",
  "platform",
  "diagnosis",
  "virtual",
  "mqtt",
  "cli",
];
const NODE_TYPES = ["tuya-device", "tuya-in", "tuya-out", "tuya-raw", "tuya-discover"];
/** The files of src/, besides src/import, that the editor may import: all that reach no module of Node.js. */
const FOR_THE_EDITOR = [
  "protocol/version",
  "protocol/dps",
  "datapoints/accepts",
  "datapoints/band",
  "datapoints/datapoint",
  "datapoints/friendly/points",
  "datapoints/profiles",
  "datapoints/reading",
  "datapoints/scale",
  "platform/data-centres",
  "platform/problem",
  "diagnosis/lines",
  "ipv4",
  "limits",
  "local-key",
  "mqtt/levels",
  "mqtt/preview-types",
  "mqtt/topics",
  "name-filter",
  "variable",
];

/** What of a session its connection and its proof do not know. */
const ABOVE_CONNECTIONS = ["../session", "../failure", "../first-values", "../heartbeat"];
const OUTSIDE_OF_SRC = ["node-red", "**/nodes/**", "**/test/support/**"];
/** What rooms without time do not use, so that their results depend on their arguments alone. */
const TIMERS = ["setTimeout", "setInterval", "setImmediate"];
const CLOCK = ["Date", "performance"];
/** What a browser does not have. */
const OF_NODE_JS = ["Buffer", "process", "require", "setImmediate"];

export default {
  plugins: ["typescript", "import", "node", "unicorn", "oxc"],
  categories: { correctness: "error" },
  rules: {
    "typescript/no-explicit-any": "error",
    "typescript/no-floating-promises": "error",
    "typescript/no-misused-promises": "error",
    "typescript/switch-exhaustiveness-check": "error",
    "import/no-cycle": ["error", { ignoreTypes: false }],
  },
  overrides: [
    // src/
    imports("src/**", { not: OUTSIDE_OF_SRC }),
    imports(
      "src/*.ts",
      { not: OUTSIDE_OF_SRC },
      {
        not: ["./*/**", "!./protocol/**"],
        says: "What stands in src/ itself is used by all rooms, and knows the protocol only.",
      },
    ),
    imports("src/index.ts", { not: OUTSIDE_OF_SRC }),

    globals("src/protocol/**", [...TIMERS, ...CLOCK, "process"]),
    {
      files: ["src/protocol/**"],
      rules: { "no-restricted-properties": ["error", { object: "Math", property: "random" }] },
    },
    imports("src/protocol/**", { not: ["*", "!node:crypto", "!node:zlib", "!./*"] }),

    globals("src/datapoints/**", [...TIMERS, ...CLOCK]),
    room("src/datapoints/*.ts", ["datapoints"]),
    room(
      "src/datapoints/notation/**",
      ["datapoints"],
      ["**/conversions/**", "**/friendly/**", "**/datapoint-map"],
    ),
    room("src/datapoints/conversions/**", ["datapoints"], ["**/friendly/**", "**/datapoint-map"]),
    room("src/datapoints/friendly/**", ["datapoints"], ["**/conversions/**"]),

    globals("src/import/**", OF_NODE_JS),
    room("src/import/**", ["import", "datapoints"], ["node:*", "**/datapoint-map"]),

    globals("src/mqtt/**", [...new Set([...OF_NODE_JS, ...TIMERS, ...CLOCK])]),
    mqtt("src/mqtt/**", "../"),
    mqtt("src/mqtt/virtual/**", "../../", ["../discovery/**"]),
    mqtt("src/mqtt/discovery/*.ts", "../../"),
    mqtt("src/mqtt/discovery/plain/**", "../../../"),

    room("src/platform/**", ["platform", "datapoints", "import"]),

    room("src/session/**", ["session"]),
    room(
      "src/session/connection/**",
      ["session"],
      [...ABOVE_CONNECTIONS, "../session-options", "../requests/**", "../proof/**"],
    ),
    room("src/session/proof/**", ["session"], [...ABOVE_CONNECTIONS, "../requests/**"]),
    room(
      "src/session/requests/**",
      ["session"],
      ["../session", "../first-values", "../heartbeat", "../connection/connection"],
    ),

    room("src/discovery/**", ["discovery"]),
    room("src/device/*.ts", ["device", "session"]),
    room("src/device/attempts/**", ["session"], ["**/device", "**/lifecycle", "**/registry"]),
    room("src/diagnosis/**", ["diagnosis", "session", "device", "discovery"]),
    room("src/virtual/**", ["virtual"]),

    // nodes/, in Node-RED's process
    server("nodes/*/*.ts"),
    server("nodes/runtime/**", {
      not: inRooms(...NODE_TYPES, "link", "admin", "contract", "editor"),
      says: "runtime is the lowest room of nodes/.",
    }),
    server("nodes/link/**", {
      not: inRooms(...NODE_TYPES, "admin", "contract", "editor"),
      says: "link knows runtime and src/ only.",
    }),
    server("nodes/admin/**", {
      not: [...inRooms(...NODE_TYPES), "!**/tuya-discover/listed-device", ...inRooms("editor")],
      says: "A route knows links, the runtime and its contract; of the node types only the list of tuya-discover.",
    }),
    ...NODE_TYPES.map((type) =>
      server(`nodes/${type}/**`, {
        not: [
          ...inRooms(...NODE_TYPES.filter((other) => other !== type), "editor", "admin"),
          ...(type === "tuya-device" ? ["!../admin/register"] : []),
        ],
        says: "Node types do not know each other; what they share is in link or runtime. Routes are reached through admin/register only.",
      }),
    ),
    { files: ["nodes/contract/**"], rules: { "typescript/consistent-type-imports": "error" } },
    imports(
      "nodes/contract/**",
      {
        not: ["node-red", "node:*", ...inRooms(...NODE_TYPES, "link", "runtime", "admin", "editor")],
        says: "A contract is types, made of types of src/ and of other contracts.",
      },
      { not: ["**"], allowTypeImports: true, says: "A contract is types: use import type." },
    ),

    // nodes/editor, in the browser
    globals("nodes/editor/**", OF_NODE_JS),
    editor("nodes/editor/**/*.ts"),
    panel(
      "base",
      ["connection", "datapoints", "picker", "mqtt", "import", "sidebar"],
      "base knows no panel.",
    ),
    panel("picker", ["connection", "datapoints", "mqtt", "import", "sidebar"], "The picker knows base only."),
    panel("datapoints", ["connection", "mqtt", "import", "sidebar"], "The table knows base and picker only."),
    panel(
      "connection",
      ["picker", "mqtt", "import", "sidebar"],
      "The connection tools know base and the table only.",
    ),
    panel(
      "mqtt",
      ["connection", "datapoints", "import", "sidebar"],
      "The MQTT part knows base and picker only.",
    ),
    panel(
      "import",
      ["picker", "mqtt", "sidebar"],
      "The import knows base, the table and the connection tools only.",
    ),
    // It shows the states of devices as nodes show them.
    editor("nodes/editor/sidebar/**/*.ts", { exceptions: ["!**/link/badge"] }),
  ],
};

/** What the files that match may not import: lists of patterns, with a sentence for who does it nevertheless. */
function imports(files, ...refusals) {
  const patterns = refusals.map(({ not, says, ...options }) => ({
    group: not,
    ...(says && { message: says }),
    ...options,
  }));
  return { files: [files], rules: { "no-restricted-imports": ["error", { patterns }] } };
}

/** Names that Node.js or the browser gives to all files, and that those that match may not use. */
function globals(files, names) {
  return { files: [files], rules: { "no-restricted-globals": ["error", ...names] } };
}

function inRooms(...names) {
  return names.map((name) => `**/${name}/**`);
}

/** Files of src/ that know the named rooms, their own among them, and nothing of what else is named. */
function room(files, known, others = []) {
  const unknown = ROOMS.filter((name) => !known.includes(name));
  return imports(files, { not: [...OUTSIDE_OF_SRC, ...inRooms(...unknown), ...others] });
}

/** Files of src/mqtt. It has rooms that are named as rooms of src/ are, which `up` leads to. */
function mqtt(files, up, others = []) {
  const strangers = [`${up}discovery/**`, `${up}virtual/**`];
  return room(files, ["mqtt", "datapoints", "discovery", "virtual"], ["node:*", ...strangers, ...others]);
}

/** Files of nodes/ that run in Node-RED's process. */
function server(files, ...refusals) {
  return imports(
    files,
    { not: ["node-red"], allowTypeImports: true },
    {
      not: [
        ...inRooms("virtual"),
        "!**/mqtt/virtual/**",
        ...inRooms("src/cli", "test/support"),
        "node:net",
        "node:dgram",
      ],
    },
    ...refusals,
  );
}

/** Files of nodes/editor. `refusal`: what they do not know of the editor itself; `exceptions`: what they may import besides. */
function editor(files, { refusal, exceptions = [] } = {}) {
  const foreign = {
    not: [
      "node:*",
      ...inRooms("src", "link", "runtime", "admin", ...NODE_TYPES, "test/support"),
      ...FOR_THE_EDITOR.map((file) => `!**/src/${file}`),
      "!**/src/import/**",
      ...exceptions,
    ],
    says: "The editor runs in a browser: import nodes/contract and files that reach no node:* module.",
  };
  return imports(files, foreign, ...(refusal ? [refusal] : []));
}

/** Files of a room of nodes/editor that do not know the named ones. */
function panel(room, unknown, says) {
  const not = unknown.flatMap((name) => [`../${name}/**`, `../../${name}/**`]);
  return editor(`nodes/editor/${room}/**/*.ts`, { refusal: { not, says } });
}
