/*
 * The codec against tuyapi and against the floor: a set of data points into the bytes of a CONTROL, and the bytes of a
 * STATUS into its data points.
 */
import assert from "node:assert/strict";
import tuyapiParser from "tuyapi/lib/message-parser.js";
import { Envelope } from "../dist/src/protocol/envelope.js";
import { FrameDecoder } from "../dist/src/protocol/frame-decoder.js";
import { parseBody } from "../dist/src/protocol/message.js";
import { readReport } from "../dist/src/protocol/report.js";
import { encodeRequest } from "../dist/src/protocol/request.js";
import { dialectOf } from "../dist/src/protocol/version.js";
import { floorOf } from "./codec-floor.mjs";
import { measure, warmUp } from "./measure.mjs";

const VERSIONS = ["3.1", "3.3", "3.4", "3.5"];
const KEY = `7{O<&"$M}N0z/'|q`;
const DEVICE_ID = "vdev0000000000000001";
const T = 1700000000;
const STATUS = 8;

/** At most so many times the floor's time. How many times as fast as tuyapi is for information: that varies with it. */
const MOST_TIMES_FLOOR = 1.25;

/** Data points whose STATUS has about 100 bytes and about 1 KiB. */
const SIZES = {
  "100 B": { 1: true, 2: 55, 18: 432 },
  "1 KiB": Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [
      String(i + 101),
      i % 4 === 0 ? i % 8 === 0 : i % 4 === 1 ? "white" : i * 12345,
    ]),
  ),
};

function bodyOf(dialect, dps) {
  return dialect.bodies === "nested"
    ? { protocol: 5, t: T, data: { dps } }
    : { devId: DEVICE_ID, uid: DEVICE_ID, t: String(T), dps };
}

function statusOf(dialect, dps) {
  return dialect.bodies === "nested" ? { protocol: 4, t: T, data: { dps } } : { devId: DEVICE_ID, dps, t: T };
}

function contestants(version, dps) {
  const dialect = dialectOf(version);
  const key = Buffer.from(KEY, "latin1");
  const envelope = new Envelope(dialect, key);
  const decoder = new FrameDecoder({ integrity: dialect.integrity });
  const tuyapi = new tuyapiParser.MessageParser({ key: KEY, version });
  // What follows the negotiation, on both sides.
  if (dialect.negotiates) tuyapi.cipher.setSessionKey(key);
  const floor = floorOf(version, key);
  const iv = Buffer.alloc(12, 1);
  let sequence = 0;

  const encode = {
    ours() {
      iv.writeUInt32BE(++sequence, 8);
      const { command, payload } = encodeRequest(
        dialect,
        { kind: "set", dps },
        { deviceId: DEVICE_ID, t: T },
      );
      return envelope.seal({ sequence, command, payload, iv });
    },
    tuyapi: () =>
      tuyapi.encode({
        data: bodyOf(dialect, dps),
        encrypted: true,
        commandByte: dialect.control,
        sequenceN: ++sequence,
      }),
    floor: () => floor.encode(bodyOf(dialect, dps)),
  };

  const frame = envelope.seal({
    sequence: 1,
    command: STATUS,
    returnCode: 0,
    payload: Buffer.from(JSON.stringify(statusOf(dialect, dps))),
    iv: Buffer.alloc(12, 7),
  });
  const decode = {
    ours() {
      const decoded = decoder.push(frame)[0];
      const { message } = envelope.open(decoded);
      const { value } = parseBody(message.payload);
      return readReport(value);
    },
    tuyapi: () => tuyapi.parse(frame)[0].payload,
    floor: () => floor.decode(frame),
  };

  const value = floor.decode(frame);
  assert.deepEqual({ ...(value.data ?? value).dps }, dps, "the floor decodes something else");
  const sent = decoder.push(floor.encode(bodyOf(dialect, dps)))[0];
  const opened = envelope.open(sent, "client");
  assert.ok(opened.ok, "no device takes what the floor encodes");
  assert.deepEqual(parseBody(opened.message.payload).value, bodyOf(dialect, dps));
  assert.deepEqual({ ...tuyapi.parse(frame)[0].payload.dps }, dps, "tuyapi decodes something else");
  assert.deepEqual({ ...decode.ours().dps }, dps, "we decode something else");
  return { encode, decode };
}

/** @returns {{rows: object[], bars: {says: string, met: boolean}[]}} */
export function run() {
  const rows = [];
  const all = VERSIONS.flatMap((version) =>
    Object.entries(SIZES).map(([size, dps]) => ({ version, size, operations: contestants(version, dps) })),
  );
  // All of them before any is measured: what was compiled for one version alone is thrown away with the next one.
  for (const { operations } of all) for (const tasks of Object.values(operations)) warmUp(tasks);
  for (const { version, size, operations } of all) {
    for (const [operation, tasks] of Object.entries(operations)) {
      const { nanoseconds, ratio } = measure(tasks);
      rows.push({
        version,
        operation,
        size,
        ...Object.fromEntries(
          Object.entries(nanoseconds).map(([name, ns]) => [`${name} ops/s`, Math.round(1e9 / ns)]),
        ),
        "times tuyapi": ratio("tuyapi", "ours"),
        "times floor": ratio("ours", "floor"),
        // What a codec without any cost of its own would reach.
        "floor times tuyapi": ratio("tuyapi", "floor"),
      });
    }
  }
  return { rows, bars: judge(rows) };
}

function judge(rows) {
  return rows.map(({ version, operation, size, "times floor": times }) => ({
    says: `${version}: ${times.toFixed(2)} times the floor to ${operation} ${size} (at most ${MOST_TIMES_FLOOR})`,
    met: times <= MOST_TIMES_FLOOR,
  }));
}
