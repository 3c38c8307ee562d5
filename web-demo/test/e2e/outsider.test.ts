/**
 * @file Somebody with a client of their own making, in a real browser at the real relay: they know the house's id, a circle and a
 * device of it, and have recorded what a guardian sent. They get nothing, and cannot even tell that there is such a house. A
 * member of another house on the same relay fares no better.
 */
import { hkdfSync, randomBytes } from 'node:crypto';
import type { JSHandle } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readLog } from './log';
import { House, Person, desk, phone } from './people';
import { foundIn, missingIn, type Named } from './traffic';
import * as wire from './wire';

/** What an outsider claims to know. */
interface Target {
  readonly house: Buffer;
  readonly circle: Buffer;
  readonly device: Buffer;
}

let house: House;
let maria: Person;
let outsider: Person;
/** A house that is there, and one that nobody ever founded. */
let real: Target;
let unknown: Target;
/** What must not reach anybody outside. */
let secrets: readonly Named[];
/** What Maria's browser sent. */
let sent: readonly Buffer[];

/** An honest answer to a stranger has few bytes. */
const answerBytesMax = 64;

beforeAll(async () => {
  house = await House.open();
  const dora = await Person.arriveRecorded(house, desk);
  await dora.found('Kita Spatzennest', 'Dora Direktorin');
  await dora.createGroup('Igel');
  await dora.createChild('Carla Kind', ['Maria Mutter']);
  const letter = await dora.printLetterOf('Carla Kind', 'Maria Mutter');
  maria = await Person.arriveRecorded(house, phone);
  await dora.confirm('Maria Mutter', await maria.join(letter));
  await maria.enter();
  await maria.goTo('Nachrichten');
  await maria.page.getByTestId('thread-row').first().click();
  await maria.say('Carla hat heute Oma dabei.');
  await maria.badge.waitFor({ state: 'detached' });

  const traffic = maria.traffic();
  sent = traffic.sent;
  const log = readLog([...dora.traffic().received, ...traffic.received]);
  const hello = wire.messages(sent, wire.toRelay.hello).map(wire.fields).at(-1);
  real = {
    house: wire.bytes(hello?.get(2)),
    circle: log.only('private').id,
    device: wire.bytes(hello?.get(3)),
  };
  unknown = { house: randomBytes(32), circle: randomBytes(16), device: new wire.Key().id };
  secrets = [{ what: 'house', id: real.house }, ...log.all()];
  // The search can find: all of it came to the director or to Maria.
  expect(missingIn(Buffer.concat([traffic.receivedBytes, dora.traffic().receivedBytes]), secrets)).toEqual([]);
  await dora.leave();
  outsider = await Person.arriveRecorded(house, desk);
}, 240_000);

afterAll(async () => {
  await Promise.all([maria, outsider].map((person) => person?.leave()));
  await house?.close();
});

/** A WebSocket in a browser's page, driven by hand. */
class RawLine {
  private constructor(
    readonly nonce: Buffer,
    readonly origin: string,
    private readonly state: JSHandle<{
      readonly socket: WebSocket;
      readonly frames: readonly string[];
      readonly came: (count: number) => Promise<void>;
      readonly closed: Promise<void>;
    }>,
  ) {}

  /** At an origin of the relay, with the relay's first message taken. */
  static async open(person: Person, origin = person.origin): Promise<RawLine> {
    // A page of the origin without the app.
    await person.page.goto(`${origin}/healthz`);
    const state = await person.page.evaluateHandle(() => {
      const socket = new WebSocket(`${location.origin.replace('http', 'ws')}/ws`);
      socket.binaryType = 'arraybuffer';
      const frames: string[] = [];
      socket.addEventListener('message', ({ data }) => {
        frames.push(
          [...new Uint8Array(data as ArrayBuffer)].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
        );
      });
      const closed = new Promise<void>((resolve) => {
        socket.addEventListener('close', () => {
          resolve();
        });
      });
      const came = (count: number) =>
        new Promise<void>((resolve) => {
          const look = () => {
            if (frames.length >= count) resolve();
          };
          socket.addEventListener('message', look);
          look();
        });
      return { socket, frames, came, closed };
    });
    await state.evaluate(({ came }) => came(1));
    const [first = ''] = await state.evaluate(({ frames }) => frames);
    const [which, challenge] = wire.message(Buffer.from(first, 'hex'));
    expect(which).toBe(wire.fromRelay.challenge);
    return new RawLine(wire.bytes(wire.fields(challenge).get(0)), origin, state);
  }

  async send(...frames: readonly Buffer[]): Promise<void> {
    await this.state.evaluate(
      ({ socket }, texts) => {
        for (const text of texts) socket.send(Uint8Array.from(text.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
      },
      frames.map((frame) => frame.toString('hex')),
    );
  }

  /** What the relay has said after its first message, once it has said that many things. */
  async answers(count: number): Promise<readonly Buffer[]> {
    await this.state.evaluate(({ came }, wanted) => came(wanted), count + 1);
    return this.said();
  }

  /** What the relay said after its first message, until it closed the line. */
  async toTheEnd(): Promise<readonly Buffer[]> {
    await this.state.evaluate(({ closed }) => closed);
    return this.said();
  }

  private async said(): Promise<readonly Buffer[]> {
    const frames = await this.state.evaluate(({ frames: all }) => all);
    return frames.slice(1).map((frame) => Buffer.from(frame, 'hex'));
  }
}

/** What the relay answers to frames of an outsider, to the last. */
async function ask(frames: (line: RawLine) => readonly Buffer[], origin?: string): Promise<readonly Buffer[]> {
  const line = await RawLine.open(outsider, origin);
  await line.send(...frames(line));
  return line.toTheEnd();
}

const own = new wire.Key();
const invite = new wire.Key();
const hello = ({ house: id }: Target, { nonce, origin }: RawLine) => wire.hello(own, { origin, nonce, house: id });
const join = ({ house: id }: Target): wire.Cbor => {
  const device = wire.struct({ 0: own.id, 1: randomBytes(32) });
  const proof = invite.sign('join', wire.encode(wire.struct({ 0: id, 1: 1, 2: device })));
  return wire.entry(own, id, { seq: 9, kind: wire.kind.join, body: wire.struct({ 0: 1, 1: device, 2: proof }) });
};
const refounding = ({ house: id }: Target): wire.Cbor =>
  wire.entry(own, id, { seq: 0, kind: wire.kind.found, body: wire.struct({ 0: 0 }) });

it.each<readonly [string, (target: Target, line: RawLine) => readonly Buffer[]]>([
  ['logs in with a key of their own', (target, line) => [hello(target, line)]],
  [
    'logs in as a device of the house',
    ({ house: id, device }, { nonce, origin }) => [wire.hello(own, { origin, nonce, house: id, device })],
  ],
  [
    'asks for the log and a circle behind a login',
    (target, line) => [hello(target, line), wire.cursors([target.circle])],
  ],
  ['asks for the log and a circle without one', ({ circle }) => [wire.cursors([circle])]],
  [
    'writes a record behind a login',
    (target, line) => [hello(target, line), wire.submit({ records: [wire.record(own, target.house, target.circle)] })],
  ],
  [
    'writes a record without one',
    ({ house: id, circle }) => [wire.submit({ records: [wire.record(own, id, circle)] })],
  ],
  [
    'knocks with an invite key of their own and joins',
    (target, line) => [wire.inviteHello(invite, line), wire.submit({ entries: [join(target)] })],
  ],
  ['joins without knocking', (target) => [wire.submit({ entries: [join(target)] })]],
  [
    'founds the house once more, and writes',
    (target) => [
      wire.found({ entries: [refounding(target)], records: [wire.record(own, target.house, target.circle)] }),
      wire.submit({ records: [wire.record(own, target.house, target.circle)] }),
    ],
  ],
])('answers whoever %s as if there were no such house', async (_, frames) => {
  const [there, nowhere] = [await ask((line) => frames(real, line)), await ask((line) => frames(unknown, line))];
  expect(there.map((frame) => frame.toString('hex'))).toEqual(nowhere.map((frame) => frame.toString('hex')));
  expect(wire.message(there.at(-1)!)[0]).toBe(wire.fromRelay.bye);
  expect(Buffer.concat(there).length).toBeLessThanOrEqual(answerBytesMax);
});

it('takes nothing that a guardian once said', async () => {
  const [her, knock, login] = [wire.toRelay.submit, wire.toRelay.inviteHello, wire.toRelay.hello].map((which) => {
    const found = sent.find((frame) => wire.message(frame)[0] === which);
    if (!found) throw new Error('Maria never said that');
    return found;
  }) as [Buffer, Buffer, Buffer];
  // Her first frame is her join, which the knock allowed.
  const entries = wire.fields(wire.fields(wire.message(her)[1]).get(1)).get(0);
  expect(wire.list(entries)).toHaveLength(1);

  // At her own origin, so that nothing but the nonce is wrong.
  const nobody = await ask((line) => [hello(unknown, line)]);
  const early = await ask(() => [wire.cursors([unknown.circle])]);
  for (const [frames, answer] of [
    [[login], nobody],
    [[knock], nobody],
    [[knock, her], nobody],
    [[her], early],
    [[login, her], nobody],
  ] as const)
    expect(await ask(() => frames, maria.origin)).toEqual(answer);
});

it('lets a member of another house neither in nor write', async () => {
  const neighbour = await Person.arriveRecorded(house, desk);
  try {
    await neighbour.found('Kita Nebenan', 'Nora Nachbarin');
    await neighbour.badge.waitFor({ state: 'detached' });
    const mine = wire.messages(neighbour.traffic().sent, wire.toRelay.hello).map(wire.fields).at(-1);
    const [ownHouse, device] = [wire.bytes(mine?.get(2)), wire.bytes(mine?.get(3))];
    const key = await deviceKey(neighbour);
    expect(key.id.equals(device)).toBe(true);

    const stranger = await RawLine.open(neighbour);
    await stranger.send(wire.hello(key, { ...stranger, house: real.house }));
    const answer = await stranger.toTheEnd();
    const nobody = await RawLine.open(neighbour);
    await nobody.send(wire.hello(key, { ...nobody, house: unknown.house }));
    expect(answer).toEqual(await nobody.toTheEnd());

    // At home the very same hand-made login is welcome, and gets its own house, whatever circle it asks for.
    const refusals: unknown[] = [];
    for (const { house: id, circle } of [
      real,
      unknown,
      { ...real, house: ownHouse },
      { ...unknown, house: ownHouse },
    ]) {
      const line = await RawLine.open(neighbour);
      await line.send(wire.hello(key, { ...line, house: ownHouse }), wire.cursors([circle]));
      const [, ...pages] = await line.answers(3);
      expect(pages.some((frame) => wire.message(frame)[0] === wire.fromRelay.log)).toBe(true);
      const record = wire.record(key, id, circle);
      await line.send(wire.submit({ records: [record] }), wire.cursors([circle]));
      const refused = wire.messages(await line.toTheEnd(), wire.fromRelay.refused);
      expect(refused).toHaveLength(1);
      // The answer names what it answers; beyond that it must not differ.
      const own = [circle, wire.recordId(record)].map((one) => one.toString('hex'));
      const plain = [...wire.fields(refused[0])].map(([field, value]) => [
        field,
        Buffer.isBuffer(value) ? own.indexOf(value.toString('hex')) : value,
      ]);
      refusals.push(plain);
    }
    // Another house's circle and one that is nowhere: one and the same answer.
    const notAllowed = [
      [0, 1],
      [1, 3],
      [2, 0],
      [5, 1],
    ];
    expect(refusals).toEqual([notAllowed, notAllowed, notAllowed, notAllowed]);
    const others = secrets.filter(({ id }) => !id.equals(real.circle));
    expect(foundIn(neighbour.traffic().receivedBytes, others)).toEqual([]);
  } finally {
    await neighbour.leave();
  }
});

it('has told the outsider not one id, over everything they did', () => {
  const { receivedBytes, received, sockets } = outsider.traffic();
  expect(sockets).toBeGreaterThanOrEqual(18);
  expect(received.length).toBeGreaterThanOrEqual(2 * 18);
  expect(foundIn(receivedBytes, secrets)).toEqual([]);
});

/** The signing key of a browser's own device: its owner may take it out, and a modified client does. */
async function deviceKey(person: Person): Promise<wire.Key> {
  const seed = await person.page.evaluate(async () => {
    const request = <T>(asked: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        asked.onsuccess = () => {
          resolve(asked.result);
        };
        asked.onerror = () => {
          reject(new Error('storage does not answer'));
        };
      });
    const database = await request(indexedDB.open('nestpost'));
    const transaction = database.transaction(['key', 'slot']);
    const [wrapping, [slot], [row]] = await Promise.all([
      request(transaction.objectStore('key').get('wrapping') as IDBRequest<CryptoKey>),
      request(transaction.objectStore('slot').getAllKeys()),
      request(transaction.objectStore('slot').getAll() as IDBRequest<{ nonce: BufferSource; sealed: BufferSource }[]>),
    ]);
    database.close();
    const plain = await crypto.subtle.decrypt(
      { name: 'AES-GCM', iv: row!.nonce, additionalData: new TextEncoder().encode(slot as string) },
      wrapping,
      row!.sealed,
    );
    return [...new Uint8Array(plain, 0, 32)];
  });
  const label = Buffer.from('nestpost/1 device sign\0');
  return new wire.Key(Buffer.from(hkdfSync('sha256', Buffer.from(seed), Buffer.alloc(0), label, 32)));
}
