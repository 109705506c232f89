import { existsSync, readFileSync } from "node:fs";

/** What of the file system tells whether this process runs in a container. */
export interface FileSystem {
  exists(path: string): boolean;
  /** The text of a file; "" where it cannot be read. */
  read(path: string): string;
}

const REAL: FileSystem = {
  exists: existsSync,
  read: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return "";
    }
  },
};

/** Files Docker and Podman put into every container. */
const MARKS = ["/.dockerenv", "/run/.containerenv"];

/**
 * Whether this process runs in a container, where broadcasts of the network are not heard unless it shares the host's. A
 * guess: with cgroup v2 a container without a mark of its runtime does not show.
 */
export function isContainer(files: FileSystem = REAL): boolean {
  return (
    MARKS.some((path) => files.exists(path)) ||
    /docker|containerd|kubepods|libpod|lxc/.test(files.read("/proc/self/cgroup"))
  );
}
