import { Ajv2019, type ValidateFunction } from "ajv/dist/2019";
import { PLATFORM_SCHEMAS, TOPIC } from "./platform-schemas";

/** A discovery message: its topic, and what its JSON says. */
export interface Config {
  readonly topic: string;
  readonly payload: object;
}

const TEXT = { type: "string", minLength: 1 } as const;
const NAME = { type: ["string", "null"], minLength: 1 } as const;
const FLAG = { type: "boolean" } as const;
const QOS = { enum: [0, 1, 2] } as const;

/** Root, device and origin are closed in Home Assistant, too: one unknown key, and it drops the whole message. */
const DEVICE = {
  type: "object",
  additionalProperties: false,
  anyOf: [{ required: ["identifiers"] }, { required: ["connections"] }],
  properties: {
    identifiers: { type: "array", items: TEXT, minItems: 1 },
    connections: { type: "array", items: { type: "array", items: TEXT, minItems: 2, maxItems: 2 } },
    name: TEXT,
    manufacturer: TEXT,
    model: TEXT,
    model_id: TEXT,
    serial_number: TEXT,
    hw_version: TEXT,
    sw_version: TEXT,
    via_device: TEXT,
    suggested_area: TEXT,
    configuration_url: TEXT,
  },
} as const;

const ORIGIN = {
  type: "object",
  additionalProperties: false,
  required: ["name"],
  properties: { name: TEXT, sw_version: TEXT, support_url: TEXT },
} as const;

const AVAILABILITY = {
  availability: {
    type: "array",
    minItems: 1,
    items: {
      type: "object",
      additionalProperties: false,
      required: ["topic"],
      properties: {
        topic: TOPIC,
        payload_available: TEXT,
        payload_not_available: TEXT,
        value_template: TEXT,
      },
    },
  },
  availability_mode: { enum: ["all", "any", "latest"] },
  availability_topic: TOPIC,
  availability_template: TEXT,
  payload_available: TEXT,
  payload_not_available: TEXT,
} as const;

const ROOT = {
  ...AVAILABILITY,
  device: DEVICE,
  origin: ORIGIN,
  state_topic: TOPIC,
  command_topic: TOPIC,
  qos: QOS,
  encoding: { type: "string" },
  message_expiry_interval: { type: "integer", minimum: 0 },
} as const;

/** What every entity may have. */
const ENTITY = {
  ...AVAILABILITY,
  unique_id: TEXT,
  name: NAME,
  default_entity_id: TEXT,
  entity_category: { enum: ["config", "diagnostic"] },
  enabled_by_default: FLAG,
  visible_by_default: FLAG,
  icon: { type: "string", pattern: "^mdi:" },
  entity_picture: TEXT,
  json_attributes_topic: TOPIC,
  json_attributes_template: TEXT,
  qos: QOS,
  retain: FLAG,
  encoding: { type: "string" },
  message_expiry_interval: { type: "integer", minimum: 0 },
} as const;

function entitySchema(platform: string, more: object = {}, required: readonly string[] = []): object {
  const {
    required: own,
    properties,
    dependentRequired = {},
  } = PLATFORM_SCHEMAS[platform] ?? {
    required: [],
    properties: {},
  };
  return {
    type: "object",
    additionalProperties: false,
    required: [...own, "unique_id", ...required],
    properties: { ...ENTITY, ...properties, ...more },
    dependentRequired,
  };
}

const PLATFORMS = Object.keys(PLATFORM_SCHEMAS);

/** A message for a device, with all its components. */
const DEVICE_MESSAGE = {
  type: "object",
  additionalProperties: false,
  required: ["device", "origin", "components"],
  properties: {
    ...ROOT,
    components: {
      type: "object",
      additionalProperties: {
        type: "object",
        required: ["platform"],
        discriminator: { propertyName: "platform" },
        oneOf: PLATFORMS.map((platform) => entitySchema(platform, { platform: { const: platform } })),
      },
    },
  },
};

const ajv = new Ajv2019({ allErrors: true, discriminator: true, strictTypes: false });
const deviceMessage = ajv.compile(DEVICE_MESSAGE);
const single = new Map<string, ValidateFunction>(
  PLATFORMS.map((platform) => [
    platform,
    ajv.compile(entitySchema(platform, { device: DEVICE, origin: ORIGIN }, ["device", "origin"])),
  ]),
);

/** Where Home Assistant listens for devices, and for entities of one platform; ids are letters, digits, `_` and `-`. */
const DEVICE_TOPIC = /^(?<prefix>.+)\/device\/(?<object>[\w-]+)\/config$/;
const SINGLE_TOPIC = /^(?<prefix>.+)\/(?<platform>[a-z_]+)\/(?:(?<node>[\w-]+)\/)?(?<object>[\w-]+)\/config$/;

/** The platform a discovery topic is for: `device` for all of a device; undefined where Home Assistant takes no notice. */
export function platformOfTopic(topic: string): string | undefined {
  if (DEVICE_TOPIC.test(topic)) return "device";
  const platform = SINGLE_TOPIC.exec(topic)?.groups?.["platform"];
  return platform !== undefined && PLATFORMS.includes(platform) ? platform : undefined;
}

/** What is wrong with a discovery message by its schema, a line each. */
export function schemaProblems({ topic, payload }: Config): string[] {
  const platform = platformOfTopic(topic);
  const validate = platform === "device" ? deviceMessage : single.get(platform ?? "");
  if (!validate) return [`${topic}: no discovery topic`];
  if (validate(payload)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${topic} ${instancePath} ${message} ${JSON.stringify(params)}`,
  );
}
