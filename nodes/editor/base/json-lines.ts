/**
 * Reads objects, one a line, from a text that grows: a request gives all text received so far, which may end in the
 * middle of a line. Lines that are no object are ignored.
 */
export class JsonLines {
  #taken = 0;

  /** The objects that became complete since the last call. With `isEnd` the last line needs no line break. */
  append(received: string, isEnd = false): object[] {
    const end = isEnd ? received.length : received.lastIndexOf("\n") + 1;
    if (end <= this.#taken) return [];
    const lines = received.slice(this.#taken, end).split("\n");
    this.#taken = end;
    return lines.map(parseObject).filter((object) => object !== undefined);
  }
}

function parseObject(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
