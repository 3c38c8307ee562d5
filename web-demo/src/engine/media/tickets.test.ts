import { expect, it, vi } from 'vitest';
import { EngineError } from '../contract';
import { handClock } from '../testing/fakes';
import { createTickets } from './tickets';

function setUp() {
  const clock = handClock();
  const slot = { id: 'a', wantTicket: vi.fn() };
  return { clock, slot, tickets: createTickets(clock) };
}

it('asks once for all who wait, and not again while the ticket is good', async () => {
  const { slot, tickets } = setUp();
  const both = Promise.all([tickets.of(slot), tickets.of(slot)]);
  tickets.came('a', new Uint8Array([0xfb, 0xff, 0x3e]));
  expect(await both).toEqual(['-_8-', '-_8-']);
  expect(await tickets.of(slot)).toBe('-_8-');
  expect(slot.wantTicket).toHaveBeenCalledTimes(1);
  const next = tickets.of(slot, '-_8-');
  tickets.came('a', new Uint8Array([1]));
  expect(await next).toBe('AQ');
  // Somebody else has had it renewed meanwhile.
  expect(await tickets.of(slot, '-_8-')).toBe('AQ');
  expect(slot.wantTicket).toHaveBeenCalledTimes(2);
});

it('says that it is offline when none comes, and forgets', async () => {
  const { clock, slot, tickets } = setUp();
  const waiting = tickets.of(slot);
  clock.turn(15_000);
  await expect(waiting).rejects.toEqual(new EngineError('offline'));
  const again = tickets.of(slot);
  tickets.forget('a');
  await expect(again).rejects.toEqual(new EngineError('not_found'));
  expect(slot.wantTicket).toHaveBeenCalledTimes(2);
});
