import assert from "node:assert/strict";
import { readCommand } from "../../../nodes/tuya-out/command";
import { kindOf } from "../../../src/datapoints/conversions/kind";
import type { DataPoint } from "../../../src/datapoints/datapoint";
import { readValueCommand, readValuesCommand } from "../../../src/mqtt/command";
import { readTopic } from "../../../src/mqtt/incoming";
import { valuePayload } from "../../../src/mqtt/payloads";
import { DeviceTopics } from "../../../src/mqtt/topics";
import type { Json, MqttDevice, VirtualValue } from "../../../src/mqtt/types";
import { virtualValuesOf } from "../../../src/mqtt/virtual/index";
import type { Dps, DpValue } from "../../../src/protocol/dps";
import { DataModel, type DpSchema, type Schema } from "../../../src/virtual/data-model";

/** 229.9 V, 4.39 A and 1009 W. */
const PHASE = Buffer.from("08fb" + "001126" + "0003f1", "hex").toString("base64");

/** What can only be on and off, though its table has no type. */
const SWITCHES = /^(?:switch|led_switch|light$|power$)/;

/** A device of which only values and topics exist: the pure functions between a broker and a set, without a connection. */
export class PaperDevice {
  readonly device: MqttDevice;
  readonly topics: DeviceTopics;
  readonly #base: string;
  readonly #virtual: readonly VirtualValue[];
  readonly #model: DataModel;
  readonly #publish: (topic: string, payload: string, isRetained: boolean) => void;

  constructor(
    device: MqttDevice,
    base: string,
    publish: (topic: string, payload: string, isRetained: boolean) => void,
  ) {
    this.device = device;
    this.topics = new DeviceTopics(base, device);
    this.#base = base;
    this.#virtual = virtualValuesOf(device);
    this.#publish = publish;
    const { dataPoints } = device.dataPoints;
    const { dps, schema } = firmwareOf(dataPoints);
    this.#model = new DataModel(dps, schema);
  }

  get values(): Dps {
    return this.#model.values;
  }

  /** Says everything it knows. */
  tellAll(): void {
    this.#publish(this.topics.availability, "online", true);
    this.#publish(this.topics.connection, "connected", true);
    this.#tell(Object.keys(this.values), this.#virtual);
  }

  /** The device itself changes a value. */
  change(dp: string, value: DpValue): void {
    this.#model.change({ [dp]: value });
    this.#tellChanged([dp]);
  }

  /** A command has arrived. Returns the data points it changed; throws what tuya-out says where it is refused. */
  command(topic: string, payload: string): Dps {
    const request = readTopic(topic, this.#base);
    assert.ok(request?.kind === "value" || request?.kind === "values", topic);
    assert.equal(request.level, this.device.level);
    const { dataPoints, id } = this.device;
    const commanded = { topics: this.topics, dataPoints, virtual: this.#virtual, values: this.values };
    const dps =
      request.kind === "value"
        ? readValueCommand(request.name, payload, commanded)
        : readValuesCommand(payload, commanded);
    const command = readCommand(
      { payload: { dps } },
      {
        deviceId: id,
        name: this.device.name,
        cid: undefined,
        chosen: "",
        dataPoints,
        dataPointsOf: () => dataPoints,
        values: () => this.values,
      },
    );
    assert.equal(command.kind, "set");
    const set = command.kind === "set" ? command.dps : {};
    const { changed, same } = this.#model.apply(set, "judged");
    const obeyed = [...Object.keys(changed), ...Object.keys(same)];
    assert.deepEqual(obeyed.sort(), Object.keys(set).sort(), "The device does not take what it was sent.");
    this.#tellChanged(Object.keys(changed));
    this.#move(changed);
    return set;
  }

  /** A cover arrives where it was told to go. */
  #move(changed: Dps): void {
    const { dataPoints } = this.device;
    for (const [dp, value] of Object.entries(changed)) {
      const { code = "", type } = dataPoints.get(dp) ?? {};
      const reached = dataPoints.numberOf(code.replace("percent_control", "percent_state"));
      if (type !== "Integer" || !code.startsWith("percent_control") || !this.#isNumber(reached)) continue;
      // Each may count the other way round.
      const shown = dataPoints.decode(dp, value);
      this.change(reached, dataPoints.encode(reached, shown, { force: true }));
    }
  }

  #isNumber(dp: string | undefined): dp is string {
    return dp !== undefined && this.device.dataPoints.get(dp)?.type === "Integer";
  }

  #tellChanged(dps: readonly string[]): void {
    this.#tell(
      dps,
      this.#virtual.filter((each) => each.dps.some((dp) => dps.includes(dp))),
    );
  }

  #tell(dps: readonly string[], virtual: readonly VirtualValue[]): void {
    const { dataPoints } = this.device;
    for (const dp of dps) {
      const { event = false, accumulate = false, access } = dataPoints.get(dp) ?? {};
      const payload = access === "wr" ? undefined : valuePayload(dataPoints, dp, this.values[dp]);
      if (payload !== undefined) this.#publish(this.topics.value(dp), textOf(payload), !event);
      if (accumulate) this.#publish(this.topics.total(dp), "12.5", true);
    }
    for (const each of virtual) {
      const state = each.read(this.values);
      if (state !== undefined) this.#publish(this.topics.virtual(each.name), textOf(state), true);
    }
  }
}

/** A device of these data points: what it says in the beginning, and what it takes. */
export function firmwareOf(dataPoints: readonly DataPoint[]): { readonly dps: Dps; readonly schema: Schema } {
  const values = dataPoints.flatMap((point) => {
    const [value] = possibleValues(point);
    return value === undefined ? [] : [[point.dp, value] as const];
  });
  const schema = dataPoints.map((point) => [point.dp, schemaOf(point)] as const);
  return { dps: Object.fromEntries(values), schema: Object.fromEntries(schema) };
}

/** Values the device may report, in device units, the first as it is in the beginning. */
export function possibleValues(point: DataPoint): readonly DpValue[] {
  const { values, code } = point;
  const min = point.min ?? Math.min(0, point.max ?? 0);
  const max = point.max ?? Math.max(min, 100);
  switch (kindOf(point)) {
    case "Boolean":
      return [true, false];
    case "Integer":
      return min <= max ? [Math.floor((min + max) / 2), min, max] : [max];
    case "Enum":
      return values.length > 0 ? values : ["something"];
    case "cover-control":
      return point.type === "Boolean"
        ? [false, true]
        : values.length > 0
          ? values
          : ["stop", "open", "close"];
    case "Bitmap":
      return [0, 1, 5];
    case "phase":
      return [PHASE];
    case "colour":
      return ["00dc03e803e8"];
    case "String":
      return ["some text", ""];
    case "Raw":
      return ["AQAAWg=="];
    case "Json":
      return ["{}"];
    case "untyped":
      return SWITCHES.test(code) ? [true, false] : [1];
    case "infrared-send":
    case "infrared-learned":
      return [];
  }
}

function schemaOf(point: DataPoint): DpSchema {
  const { min, max, values, access } = point;
  const readOnly = access === "ro";
  const isRange = min === undefined || max === undefined || min <= max;
  switch (kindOf(point)) {
    case "Boolean":
      return { kind: "bool", readOnly };
    case "Integer":
      return { kind: "value", readOnly, ...(isRange && { min, max }) };
    case "Bitmap":
      return { kind: "bitmap", readOnly };
    case "Raw":
    case "phase":
      return { kind: "raw", readOnly };
    case "cover-control":
      return point.type === "Boolean" ? { kind: "bool", readOnly } : { kind: "string", readOnly };
    case "Enum":
      return values.length > 0 ? { kind: "enum", range: values, readOnly } : { kind: "string", readOnly };
    case "untyped":
      return { kind: SWITCHES.test(point.code) ? "bool" : "value", readOnly };
    case "String":
    case "Json":
    case "colour":
    case "infrared-send":
    case "infrared-learned":
      return { kind: "string", readOnly };
  }
}

/** As `mqtt out` writes it. */
function textOf(payload: Json): string {
  return typeof payload === "string" ? payload : JSON.stringify(payload);
}
