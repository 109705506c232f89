import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";
import { LOADING_MS } from "./patience";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** Port 9 of this machine discards what it is sent, and nothing listens there: requests to other machines end here. */
const NOWHERE = "http://127.0.0.1:9";

const ARGUMENTS = [
  // Not Playwright's routing, which would do without the browser's cache and make each page take seconds.
  `--proxy-server=${NOWHERE}`,
  "--proxy-bypass-list=127.0.0.1",
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * The browser to test with: environment variable `CHROMIUM`, or where Linux distributions put it. undefined = there is
 * none, and the tests that need one are to be left out, unless `REQUIRE_BROWSER=1` forbids that.
 */
export function findBrowser(): string | undefined {
  const browser = [process.env["CHROMIUM"], ...BROWSERS].find((file) => file && existsSync(file));
  if (!browser && process.env["REQUIRE_BROWSER"] === "1") {
    throw new Error("REQUIRE_BROWSER is set, but there is no Chromium. Set CHROMIUM to its path.");
  }
  return browser;
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ARGUMENTS, timeout: LOADING_MS });
}
