import { Socket as UdpSocket } from "node:dgram";
import { Socket as TcpSocket } from "node:net";

/*
 * A belt for all tests: whatever a test or the code under it does, nothing leaves 127.0.0.0/8. An attempt throws where
 * it is made and fails the run at its end, should something have caught it.
 */
const attempts: string[] = [];

function assertLoopback(host: string | undefined, what: string): void {
  if (host === undefined || /^(localhost|::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(host)) return;
  attempts.push(`${what} to ${host}`);
  throw new Error(`Tests speak on loopback only: ${what} to ${host} refused.`);
}

/** Puts `check` in front of a method. */
function guard(prototype: object, method: string, check: (args: readonly unknown[]) => void): void {
  const original = Reflect.get(prototype, method) as (...args: unknown[]) => unknown;
  Reflect.set(prototype, method, function (this: unknown, ...args: unknown[]): unknown {
    check(args);
    return original.apply(this, args);
  });
}

const firstText = (args: readonly unknown[]): string | undefined =>
  args.find((argument) => typeof argument === "string");

// send(message, [offset, length,] [port] [, address] [, callback])
guard(UdpSocket.prototype, "send", ([, ...args]) => assertLoopback(firstText(args), "UDP"));

// connect(options), connect(port [, host]), connect(path); the two latter hand their arguments on as one array.
guard(TcpSocket.prototype, "connect", (args) => {
  const [first, ...rest] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args;
  if (typeof first === "number") assertLoopback(firstText(rest), "TCP");
  if (typeof first !== "object" || first === null) return;
  const { host } = first as { host?: string };
  assertLoopback(host, "TCP");
});

// Where this file guards a process of its own, there is no mocha to fail.
process.on("exit", () => {
  for (const attempt of attempts)
    process.stderr.write(`Traffic outside loopback was attempted: ${attempt}\n`);
});

export const mochaHooks = {
  afterAll(): void {
    const made = attempts.splice(0);
    if (made.length > 0) throw new Error(`Traffic outside loopback was attempted: ${made.join(", ")}`);
  },
};
