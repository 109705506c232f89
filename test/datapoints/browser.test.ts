import { bundleForBrowser } from "../support/browser-bundle";

describe("what the editor uses of src/datapoints", () => {
  it("runs in a browser: it reaches no module of Node.js and none of its globals", async () => {
    await bundleForBrowser([
      "src/datapoints/reading.ts",
      "src/datapoints/profiles.ts",
      "src/datapoints/datapoint.ts",
    ]);
  });
});
