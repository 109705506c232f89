// Lets Stryker run tests with the Mocha of this repository. Its own runner reaches into Mocha's files, and knows those
// of Mocha 11 at most.
import { createRequire } from "node:module";
import path from "node:path";
import Mocha from "mocha";

const require = createRequire(import.meta.url);

/** Stryker's `TestStatus`. */
const PASSED = 0;
const FAILED = 1;

/** Of a failure: comparisons of long texts quote them in full. */
const MOST_SAID = 500;

/** Notes what Mocha tells about each test, in Stryker's words. A failed hook counts as the test it was to prepare. */
function noteTests(runner, tests) {
  let began = 0;
  const note = (test, rest) => {
    const id = test.fullTitle();
    tests.push({ id, name: id, timeSpentMs: performance.now() - began, ...rest });
  };
  runner.on("test", () => (began = performance.now()));
  runner.on("pass", (test) => note(test, { status: PASSED }));
  runner.on("fail", (test, error) =>
    note(test.ctx?.currentTest ?? test, {
      status: FAILED,
      failureMessage: error.message.slice(0, MOST_SAID) || "no message",
    }),
  );
}

class MochaRunner {
  static inject = ["options"];

  /** Where Stryker has put its copy of the project is the working directory by now. */
  #compiled = path.resolve("dist") + path.sep;
  #files;
  #loadsAlways;
  #mocha;
  /** What Stryker's code in the instrumented files reads and writes. */
  #context = (globalThis.__stryker__ ??= {});

  constructor({ mochaFiles, loadsAlways }) {
    this.#files = mochaFiles;
    this.#loadsAlways = loadsAlways;
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    this.#load();
    const context = this.#context;
    const name = (test) => (context.currentTestId = test?.fullTitle());
    this.#mocha.suite.beforeEach(function () {
      name(this.currentTest);
    });
    const tests = await this.#run(false);
    this.#forget();
    return { status: "complete", tests, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, reloadEnvironment }) {
    const context = this.#context;
    Object.assign(context, { hitLimit, hitCount: hitLimit ? 0 : undefined });
    context.activeMutant = mutantActivation === "static" ? activeMutant.id : undefined;
    try {
      if (reloadEnvironment || this.#loadsAlways || !this.#mocha)
        this.#load(path.relative(".", activeMutant.fileName));
    } catch (error) {
      this.#forget();
      return { status: "killed", failureMessage: String(error), killedBy: [], nrOfTests: 0 };
    }
    context.activeMutant = activeMutant.id;
    const names = testFilter?.map((id) => `^${id.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")}$`);
    this.#mocha.grep(new RegExp(names?.join("|") ?? ""));
    const tests = await this.#run(true);
    if (context.hitCount > hitLimit) return { status: "timeout", reason: "endless" };
    const failed = tests.filter(({ status }) => status === FAILED);
    const nrOfTests = tests.length;
    if (nrOfTests === 0) return { status: "error", errorMessage: "No test ran." };
    if (failed.length === 0) return { status: "survived", nrOfTests };
    const { failureMessage } = failed[0];
    return { status: "killed", failureMessage, killedBy: failed.map(({ id }) => id), nrOfTests };
  }

  /** Loads everything that was compiled anew. The tests nearest to a source come first: they are the likeliest to fail. */
  #load(source = "") {
    for (const [file, { children }] of Object.entries(require.cache)) {
      if (file.startsWith(this.#compiled)) delete require.cache[file];
      // Or all that was ever loaded would stay.
      else
        children.splice(0, children.length, ...children.filter(({ id }) => !id.startsWith(this.#compiled)));
    }
    this.#forget();
    this.#mocha = new Mocha({ timeout: 0 });
    this.#mocha.cleanReferencesAfterRun(false);
    const wanted = source.replace(/\.ts$/, ".test.js").split("/");
    const nearness = (file) => wanted.filter((part) => file.split("/").includes(part)).length;
    const files = this.#files.toSorted((a, b) => nearness(b) - nearness(a));
    for (const file of files) this.#mocha.addFile(path.resolve(file));
    this.#mocha.loadFiles();
  }

  /** Each run listens for unhandled rejections, and tells all others that still do of each: with forty runs, for ever. */
  #forget() {
    this.#mocha?.dispose();
    this.#mocha = undefined;
  }

  async #run(bail) {
    const set = (suite) => {
      suite.bail(bail);
      suite.suites.forEach(set);
    };
    set(this.#mocha.suite);
    const tests = [];
    this.#mocha.reporter(function (runner) {
      noteTests(runner, tests);
    });
    await new Promise((resolve) => this.#mocha.run(resolve));
    return tests;
  }
}

export const strykerPlugins = [{ kind: "TestRunner", name: "mocha-12", injectableClass: MochaRunner }];
