import { beforeEach, expect, it } from 'vitest';
import type { Pins, PinStore } from '../platform/pins';
import type { House } from './contract';
import type { EngineEdge, EngineModule, Row, Secrets, Visitor } from './edge';
import type { Slot } from './slot';
import { handClock, type HandClock } from './testing/fakes';
import { createTablets, triesMax, type Tablets } from './tablets';

const open = 'open';
const right = '493827';
const wrong = '111222';
const minute = 60_000;
const hour = 60 * minute;

let clock: HandClock;
let kept: Map<string, Pins>;
let slots: Map<string, Slot>;
let rows: Map<string, Row[]>;
let staff: string[];
let houses: Map<string, Partial<House>>;
/** What was on the device when a PIN was tried. */
let triedAt: number[];
let published: number;
let tablets: Tablets;

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (of: string) => new TextEncoder().encode(of);

function slotOf(id: string): Slot {
  const house = () => ({ slot: id, stage: 'member', link: 'online', waiting: 0, ...houses.get(id) }) as House;
  return {
    id,
    house,
    query: () => ({ staff: staff.map((person) => ({ person, name: person })) }),
    until: () => Promise.resolve(house()),
    stop: () => Promise.resolve(),
  } as Partial<Slot> as Slot;
}

const secrets = (): Secrets => ({ seed: new Uint8Array(32).fill(3), local: new Uint8Array(32).fill(4) });
const edge = {} as EngineEdge;
const module = {
  newSecrets: secrets,
  isPinFit: (pin: string) => pin.length >= 6,
  sealPin: (_: Secrets, pin: string) => bytes(pin),
  openPin: (file: Uint8Array, pin: string) => {
    triedAt.push(kept.get(open)?.tries ?? 0);
    return text(file) === pin ? secrets() : undefined;
  },
  Engine: { join: () => edge, open: () => edge },
} as unknown as EngineModule;

function begin(): Tablets {
  const pins: PinStore = {
    all: async () => new Map(kept),
    put: async (of, row) => void kept.set(of, structuredClone(row)),
    remove: async (of) => void kept.delete(of),
  };
  let ids = 0;
  return createTablets({
    clock,
    pins,
    module,
    origin: 'https://kita.example',
    newId: () => `pin${++ids}`,
    slots,
    load: async (id) => rows.get(id) ?? [],
    start(id) {
      slots.set(id, slotOf(id));
      rows.set(id, [{ table: 'meta', key: new Uint8Array(), value: new Uint8Array() }]);
      return slotOf(id);
    },
    end: async (id) => void slots.delete(id),
    erase: async (id) => void rows.delete(id),
    publish: () => (published += 1),
  });
}
/** Everything that follows by itself has followed. */
const quiet = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'ok',
    (thrown: { code: string }) => thrown.code,
  );
const guess = (pin: string) => codeOf(tablets.unlock(open, 'eva', pin));

beforeEach(async () => {
  clock = handClock();
  [kept, slots, rows, houses, triedAt, published] = [new Map(), new Map(), new Map(), new Map(), [], 0];
  staff = ['eva', 'ben'];
  slots.set(open, slotOf(open));
  tablets = begin();
  await tablets.join(open, {} as Visitor, 'eva', right);
  tablets.lock(open);
  await quiet();
});

it('opens with the PIN of whoever set it, runs nothing once it is locked, and keeps no secret in the open', async () => {
  expect([...slots.keys()]).toEqual([open]);
  expect(tablets.state(open)).toMatchObject({ people: ['eva'], triesLeft: triesMax });
  expect(await codeOf(tablets.unlock(open, 'ben', right))).toBe('not_found');
  expect(await guess(right)).toBe('ok');
  expect(tablets.state(open)).toMatchObject({ slot: 'pin1', by: 'eva' });
  expect([...slots.keys()]).toEqual([open, 'pin1']);
  tablets.lock(open);
  expect(tablets.isShown('pin1')).toBe(false);
  await quiet();
  expect([...slots.keys()]).toEqual([open]);
  expect(tablets.state(open).slot).toBeUndefined();
});

it('counts a guess on the device before it is made, and begins anew after a right one', async () => {
  expect(await guess(wrong)).toBe('pin_wrong');
  expect(await guess(wrong)).toBe('pin_wrong');
  expect(triedAt).toEqual([1, 2]);
  // Another start, as after a browser that was killed in the middle.
  tablets = begin();
  await tablets.load();
  expect(tablets.state(open).triesLeft).toBe(3);
  clock.turn(minute);
  expect(await guess(right)).toBe('ok');
  expect(kept.get(open)?.tries).toBe(0);
});

it('makes people wait between guesses, whoever guesses', async () => {
  await guess(wrong);
  await guess(wrong);
  expect(await guess(right)).toBe('pin_wait');
  expect(triedAt).toHaveLength(2);
  clock.turn(5_000);
  expect(await guess(right)).toBe('ok');
});

it('deletes what lies behind the PINs at the fifth wrong one in a row, and says why from then on', async () => {
  await tablets.unlock(open, 'eva', right);
  await tablets.setPin(open, 'ben', '862951');
  tablets.lock(open);
  await quiet();
  const answers: string[] = [];
  for (let tries = 0; tries < triesMax; tries++) {
    // The device is guessed at, not a person.
    answers.push(await codeOf(tablets.unlock(open, tries % 2 === 0 ? 'eva' : 'ben', wrong)));
    clock.turn(minute);
  }
  expect(answers).toEqual(['pin_wrong', 'pin_wrong', 'pin_wrong', 'pin_wrong', 'pin_dropped']);
  expect(rows.has('pin1')).toBe(false);
  expect(kept.get(open)?.files).toEqual([]);
  expect(kept.get(open)?.secret.every((byte) => byte === 0)).toBe(true);
  expect(await guess(right)).toBe('not_found');
  tablets = begin();
  await tablets.load();
  expect(tablets.state(open)).toMatchObject({ people: [], dropped: 'tries' });
  // Granted again: another slot, another PIN.
  await tablets.join(open, {} as Visitor, 'ben', '862951');
  expect(tablets.state(open)).toMatchObject({ people: ['ben'], slot: 'pin1' });
  expect(tablets.state(open).dropped).toBeUndefined();
});

it('locks itself a minute after the last touch, and not while its digits are compared', async () => {
  await guess(right);
  clock.turn(50_000);
  tablets.touch(open);
  clock.turn(50_000);
  expect(tablets.state(open).slot).toBe('pin1');
  clock.turn(10_000);
  expect(tablets.state(open).slot).toBeUndefined();
  await quiet();
  houses.set('pin2', { stage: 'joining' });
  houses.set('pin1', { stage: 'joining' });
  await guess(right);
  clock.turn(10 * minute);
  expect(tablets.state(open).slot).toBe('pin1');
});

it('stays closed after 72 hours without the relay, whatever its clock is set to, until the relay answers', async () => {
  houses.set(open, { link: 'offline' });
  clock.turn(72 * hour - minute / 2);
  expect(await guess(right)).toBe('ok');
  // Whoever is at it is shown out.
  clock.turn(minute / 2 + 1_000);
  expect(tablets.state(open).slot).toBe('pin1');
  tablets.look();
  await quiet();
  expect(tablets.state(open)).toMatchObject({ closed: true });
  expect(tablets.state(open).slot).toBeUndefined();
  expect(await guess(right)).toBe('pin_closed');
  expect(triedAt).toHaveLength(1);
  const later = clock;
  clock = handClock(later.now() - 72 * hour);
  tablets = begin();
  await tablets.load();
  expect(await guess(right)).toBe('pin_closed');
  clock = handClock(later.now());
  tablets = begin();
  await tablets.load();
  houses.set(open, { link: 'online' });
  tablets.look();
  await quiet();
  expect(await guess(right)).toBe('ok');
});

it('ends with the tablet, or with what lies behind the PINs alone', async () => {
  houses.set(open, { stage: 'ended' });
  tablets.look();
  await quiet();
  expect(tablets.state(open)).toMatchObject({ people: [], dropped: 'ended' });
  expect(rows.has('pin1')).toBe(false);
});

it('forgets the PIN of whoever works here no longer, and locks them out', async () => {
  await guess(right);
  await tablets.setPin(open, 'ben', '862951');
  staff = ['ben'];
  tablets.look();
  await quiet();
  expect(tablets.state(open).people).toEqual(['ben']);
  expect(tablets.state(open).slot).toBeUndefined();
  // Names that have not come yet take nobody's away.
  staff = [];
  tablets.look();
  await quiet();
  expect(tablets.state(open).people).toEqual(['ben']);
});

it('sets PINs only while it is open, none that is too easy, and never takes the last one', async () => {
  expect(await codeOf(tablets.setPin(open, 'ben', '862951'))).toBe('not_allowed');
  await guess(right);
  expect(await codeOf(tablets.setPin(open, 'ben', '123'))).toBe('pin_unfit');
  expect(await codeOf(tablets.setPin(open, 'eva', null))).toBe('not_allowed');
  await tablets.setPin(open, 'ben', '862951');
  await tablets.setPin(open, 'eva', null);
  expect(tablets.state(open).people).toEqual(['ben']);
});
