import { existsSync, readFileSync } from "node:fs";

/** The part of the file system that tells whether this process runs in a container. */
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
 * Whether this process runs in a container. Broadcasts are not heard there, unless the container shares the host's
 * network. A guess: with cgroup v2 a container without the file of its runtime is not recognized.
 */
export function isContainer(files: FileSystem = REAL): boolean {
  return (
    MARKS.some((path) => files.exists(path)) ||
    /docker|containerd|kubepods|libpod|lxc/.test(files.read("/proc/self/cgroup"))
  );
}
