import type { NodeAPI } from "node-red";
import type { KnownDevices } from "../../src/device/attempts/known-devices";
import type { AcquireDevice } from "../link/direct-link";
import type { ShareDiscovery } from "../runtime/discovery-share";
import { type ChildrenRouteOptions, registerChildrenRoute } from "./children/children-route";
import { registerKeysRoute } from "./keys/keys-route";
import { type LearnOptions, registerLearnRoute } from "./learn/learn-route";
import { type NetworkRouteOptions, registerNetworkRoutes } from "./network-route";
import { registerOverviewRoutes } from "./overview/overview-route";
import type { PublicationTimes } from "./overview/publication";
import { registerPlatformRoutes } from "./platform/platform-route";
import { registerTemplatesRoute } from "./templates/templates-route";
import { registerTestRoute, type TestRouteOptions } from "./test/test-route";
import { registerValuesRoute } from "./values-route";

/** How the routes get devices and discovery; the rest is for tests. */
export interface AdminOptions {
  readonly acquire: AcquireDevice;
  readonly share: ShareDiscovery;
  /** Devices that proved their key before. */
  readonly known?: KnownDevices;
  readonly network?: Omit<NetworkRouteOptions, "share">;
  readonly test?: Omit<TestRouteOptions, "share" | "known">;
  readonly children?: Omit<ChildrenRouteOptions, "acquire" | "share">;
  readonly overview?: PublicationTimes;
  readonly learn?: Omit<LearnOptions, "acquire" | "share">;
}

/**
 * All HTTP routes of the package. Each needs a permission (`tuya.read` or `tuya.write`), and no answer contains a key.
 * Call it once per load of the module.
 */
export function registerAdminRoutes(RED: NodeAPI, { acquire, share, known, ...options }: AdminOptions): void {
  registerNetworkRoutes(RED, { share, ...options.network });
  registerTestRoute(RED, { share, known, ...options.test });
  registerChildrenRoute(RED, { acquire, share, ...options.children });
  registerLearnRoute(RED, { acquire, share, ...options.learn });
  registerOverviewRoutes(RED, options.overview);
  registerPlatformRoutes(RED);
  registerKeysRoute(RED);
  registerTemplatesRoute(RED);
  registerValuesRoute(RED);
}
