import assert from "node:assert/strict";
import { mock } from "node:test";
import { KeyTickets } from "../../../../nodes/admin/keys/key-tickets";

describe("KeyTickets", () => {
  const keys = new Map([["device", "key"]]);

  afterEach(() => mock.timers.reset());

  it("keeps keys for a while, and then forgets them", () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    const tickets = new KeyTickets(1000);
    const ticket = tickets.keep(keys);
    mock.timers.tick(999);
    assert.equal(tickets.find(ticket), keys);
    mock.timers.tick(1);
    assert.equal(tickets.find(ticket), undefined);
  });

  it("forgets when told to", () => {
    const tickets = new KeyTickets(1000);
    const ticket = tickets.keep(keys);
    tickets.forget(ticket);
    assert.equal(tickets.find(ticket), undefined);
  });

  it("keeps few at a time, the newest", () => {
    const tickets = new KeyTickets(1000);
    const all = Array.from({ length: 6 }, () => tickets.keep(keys));
    assert.deepEqual(
      all.map((ticket) => tickets.find(ticket) !== undefined),
      [false, false, true, true, true, true],
    );
    assert.equal(new Set(all).size, 6);
    for (const ticket of all) tickets.forget(ticket);
  });
});
