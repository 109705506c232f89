/*
 * The floor of a round trip with a device: the bytes of every command sealed beforehand, and of the answers nothing read
 * but where frames end. What a real client takes longer than this is its own.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { Envelope } from "../dist/src/protocol/envelope.js";
import { FrameDecoder } from "../dist/src/protocol/frame-decoder.js";
import { continueHandshake, startHandshake } from "../dist/src/protocol/handshake.js";
import { encodeRequest } from "../dist/src/protocol/request.js";
import { dialectOf } from "../dist/src/protocol/version.js";

/** Acknowledgement and report. */
const ANSWERS = 2;

/** @returns a function that makes one round trip; at most `trips` of them */
export async function connectBare({ id, version, port, localKey, trips }) {
  const dialect = dialectOf(version);
  const key = Buffer.from(localKey, "latin1");
  const socket = connect({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const decoder = new FrameDecoder({ integrity: dialect.integrity });
  let sequence = 0;
  const iv = () => (dialect.format === "6699" ? randomBytes(12) : undefined);
  const seal = (envelope, message) => envelope.seal({ ...message, sequence: ++sequence, iv: iv() });

  let envelope = new Envelope(dialect, key);
  if (dialect.negotiates) {
    const context = { dialect, localKey: key, nonce: randomBytes(16) };
    const { state, send } = startHandshake(context);
    socket.write(seal(envelope, send));
    const [chunk] = await once(socket, "data");
    const [frame] = decoder.push(chunk);
    const next = continueHandshake(context, state, envelope.open(frame).message);
    socket.write(seal(envelope, next.send));
    envelope = new Envelope(dialect, next.state.sessionKey);
  }
  const commands = Array.from({ length: trips }, (_, i) =>
    seal(
      envelope,
      encodeRequest(dialect, { kind: "set", dps: { 2: i + 1 } }, { deviceId: id, t: 1_700_000_000 }),
    ),
  );

  let [next, received] = [0, 0];
  let done = () => {};
  socket.on("data", (chunk) => {
    received += decoder.push(chunk).length;
    if (received < ANSWERS) return;
    received = 0;
    done();
  });
  return {
    trip: () =>
      new Promise((resolve) => {
        done = resolve;
        socket.write(commands[next++]);
      }),
    close: () => socket.destroy(),
  };
}
