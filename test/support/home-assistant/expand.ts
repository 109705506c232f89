import { type Config, platformOfTopic } from "./schemas";

export type Keys = Readonly<Record<string, unknown>>;

/** An entity as Home Assistant has it after reading a discovery message. */
export interface Announced {
  readonly topic: string;
  readonly platform: string;
  readonly uniqueId: string;
  /** Its own keys, with those of the message it inherits. */
  readonly keys: Keys;
  readonly device: Keys;
  /** Topics that all have to say `online`. */
  readonly availability: readonly string[];
}

const INHERITED = ["availability", "availability_mode", "qos", "encoding"] as const;

/** The entities of a discovery message, of either shape. */
export function expand({ topic, payload }: Config): readonly Announced[] {
  const root = payload as Keys;
  const device = root["device"] as Keys;
  if (platformOfTopic(topic) !== "device") {
    const { device: _device, origin: _origin, ...keys } = root;
    return [announced(topic, platformOfTopic(topic) ?? "", keys, device)];
  }
  const inherited = Object.fromEntries(
    INHERITED.flatMap((key) => (root[key] === undefined ? [] : [[key, root[key]]])),
  );
  return Object.values(root["components"] as Readonly<Record<string, Keys>>).map((component) => {
    const { platform, ...keys } = component;
    return announced(topic, String(platform), { ...inherited, ...keys }, device);
  });
}

function announced(topic: string, platform: string, keys: Keys, device: Keys): Announced {
  const availability = (keys["availability"] as readonly { readonly topic: string }[] | undefined) ?? [];
  return {
    topic,
    platform,
    uniqueId: String(keys["unique_id"]),
    keys,
    device,
    availability: availability.map((entry) => entry.topic),
  };
}
