/**
 * @file The wire format by hand, for tests that look at what travels or say what no app says: CBOR as `docs/protocol.md` allows it,
 * the numbers of messages and fields, signatures. Written from the document alone: it shares no code with the app.
 */
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';

/** Structs are maps with integer keys; a field that is absent is not in the map. */
export type Cbor = number | bigint | string | boolean | null | Buffer | readonly Cbor[] | Fields;
export type Fields = ReadonlyMap<number, Cbor>;

/** Numbers of messages from a device to the relay. */
export const toRelay = { hello: 0, cursors: 1, submit: 2, inviteHello: 3, found: 4, wrapAck: 5 } as const;
/** Numbers of messages from the relay. */
export const fromRelay = {
  challenge: 0,
  welcome: 1,
  log: 2,
  records: 3,
  wraps: 4,
  synced: 5,
  ack: 6,
  refused: 7,
  inviteInfo: 8,
  bye: 9,
  signed: 13,
} as const;
/** Numbers of entries of the house log. */
export const kind = { found: 0, invite: 1, join: 2, confirm: 3, role: 6, circle: 8, member: 9 } as const;
/** Numbers of sorts of circles. */
export const sort = {
  team: 0,
  directors: 1,
  parents: 2,
  house: 3,
  staff: 4,
  group: 5,
  child: 6,
  private: 7,
  guarded: 9,
} as const;

/* ---------- CBOR ---------- */

function head(major: number, argument: number | bigint): Buffer {
  const value = BigInt(argument);
  if (value < 24n) return Buffer.from([(major << 5) | Number(value)]);
  for (const [info, bytes] of [
    [24, 1],
    [25, 2],
    [26, 4],
    [27, 8],
  ] as const) {
    if (value >= 1n << BigInt(8 * bytes)) continue;
    const long = Buffer.alloc(8);
    long.writeBigUInt64BE(value);
    return Buffer.concat([Buffer.from([(major << 5) | info]), long.subarray(8 - bytes)]);
  }
  throw new RangeError('a number of more than 64 bits');
}

export function encode(value: Cbor): Buffer {
  if (value === null) return Buffer.from([0xf6]);
  if (typeof value === 'boolean') return Buffer.from([value ? 0xf5 : 0xf4]);
  if (typeof value === 'number' || typeof value === 'bigint') return head(0, value);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'utf8');
    return Buffer.concat([head(3, text.length), text]);
  }
  if (Buffer.isBuffer(value)) return Buffer.concat([head(2, value.length), value]);
  if (isList(value)) return Buffer.concat([head(4, value.length), ...value.map(encode)]);
  const pairs = [...value].sort(([a], [b]) => a - b);
  return Buffer.concat([head(5, pairs.length), ...pairs.flatMap(([key, field]) => [encode(key), encode(field)])]);
}

const isList = (value: Cbor): value is readonly Cbor[] => Array.isArray(value);

/** Exactly one value. */
export function decode(bytes: Buffer): Cbor {
  let at = 0;
  const take = (count: number): Buffer => {
    const end = at + count;
    if (end > bytes.length) throw new RangeError('the value ends early');
    const taken = bytes.subarray(at, end);
    at = end;
    return taken;
  };
  const one = (): Cbor => {
    const first = take(1)[0]!;
    const [major, info] = [first >> 5, first & 0x1f];
    if (major === 7) {
      if (info === 20 || info === 21) return info === 21;
      if (info === 22) return null;
      throw new RangeError('a value the wire format does not use');
    }
    if (info > 27) throw new RangeError('an indefinite length');
    const long = info < 24 ? BigInt(info) : BigInt(`0x${take(1 << (info - 24)).toString('hex')}`);
    const argument = long <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(long) : long;
    if (major === 0) return argument;
    const count = Number(argument);
    switch (major) {
      case 2:
        return take(count);
      case 3:
        return take(count).toString('utf8');
      case 4:
        return Array.from({ length: count }, one);
      case 5:
        return new Map(Array.from({ length: count }, () => [number(one()), one()] as const));
      default:
        throw new RangeError('a value the wire format does not use');
    }
  };
  const value = one();
  if (at !== bytes.length) throw new RangeError('bytes follow the value');
  return value;
}

/* ---------- reading ---------- */

export function number(value: Cbor | undefined): number {
  if (typeof value !== 'number') throw new TypeError('not a number');
  return value;
}
export function bytes(value: Cbor | undefined): Buffer {
  if (!Buffer.isBuffer(value)) throw new TypeError('not bytes');
  return value;
}
export function list(value: Cbor | undefined): readonly Cbor[] {
  if (value === undefined || value === null || !isList(value)) throw new TypeError('not a list');
  return value;
}
export function fields(value: Cbor | undefined): Fields {
  if (!(value instanceof Map)) throw new TypeError('not a struct');
  return value as Fields;
}

/** A message: its number, and its payload. */
export function message(frame: Buffer): readonly [number, Cbor] {
  const [which, payload] = list(decode(frame));
  return [number(which), list(payload)[0] ?? null];
}

/** The payloads of all messages of one number. */
export function messages(frames: readonly Buffer[], which: number): readonly Cbor[] {
  return frames.map(message).flatMap(([found, payload]) => (found === which ? [payload] : []));
}

/* ---------- writing ---------- */

export const frame = (which: number, payload: Cbor): Buffer => encode([which, [payload]]);
/** A struct; fields that are `undefined` are left out. */
export const struct = (given: Readonly<Record<number, Cbor | undefined>>): Fields =>
  new Map(
    Object.entries(given).flatMap(([key, value]) => (value === undefined ? [] : [[Number(key), value] as const])),
  );
export const sha256 = (...parts: readonly (Buffer | string)[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

/** An Ed25519 key: of a device, or of an invite. */
export class Key {
  private readonly secret: KeyObject;
  readonly id: Buffer;

  constructor(seed: Buffer = randomBytes(32)) {
    const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
    this.secret = createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
    this.id = createPublicKey(this.secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  }

  sign(context: string, text: Buffer): Buffer {
    return sign(null, Buffer.concat([Buffer.from(`nestpost/1 ${context}\0`), text]), this.secret);
  }
}

const versions = struct({ 0: 1, 1: 1 });

export interface Login {
  readonly origin: string;
  readonly house: Buffer;
  readonly nonce: Buffer;
  /** Whose device is named; `key` signs. */
  readonly device?: Buffer;
}

export function hello(key: Key, { origin, house, nonce, device = key.id }: Login): Buffer {
  const signed = encode(struct({ 0: origin, 1: house, 3: device, 4: nonce }));
  const state = sha256('nestpost/1 state\0', encode(struct({ 1: [] })));
  const payload = struct({
    0: versions,
    1: origin,
    2: house,
    3: device,
    5: state,
    6: true,
    7: key.sign('hello', signed),
  });
  return frame(toRelay.hello, payload);
}

export function inviteHello(key: Key, { origin, nonce }: Pick<Login, 'origin' | 'nonce'>): Buffer {
  const signature = key.sign('invite-hello', encode(struct({ 0: origin, 1: key.id, 2: nonce })));
  return frame(toRelay.inviteHello, struct({ 0: versions, 1: origin, 2: key.id, 3: signature }));
}

export const cursors = (circles: readonly Buffer[]): Buffer =>
  frame(
    toRelay.cursors,
    struct({ 1: circles.map((circle) => struct({ 0: circle, 1: struct({ 0: 0, 1: Buffer.alloc(32) }) })) }),
  );

/** What a frame is made of. */
export interface Parts {
  readonly entries?: readonly Cbor[];
  readonly records?: readonly Cbor[];
}
const parts = ({ entries = [], records = [] }: Parts): Fields => struct({ 0: entries, 1: records, 2: [], 3: [] });

export const submit = (given: Parts): Buffer => frame(toRelay.submit, struct({ 0: 1, 1: parts(given) }));
export const found = (given: Parts): Buffer => frame(toRelay.found, struct({ 0: versions, 1: 1, 2: parts(given) }));

/** A record of the long class in a circle, with a body of noise, signed by its author. */
export function record(key: Key, house: Buffer, circle: Buffer): Cbor {
  const body = randomBytes(1200);
  const header = encode(
    struct({
      0: 1,
      1: 1,
      2: 1,
      3: house,
      4: circle,
      5: 1,
      6: randomBytes(16),
      7: [0, []],
      8: 0,
      9: key.id,
      10: 1,
      12: struct({ 0: 0, 1: house }),
      13: struct({ 0: 0, 1: Buffer.alloc(32) }),
      14: 2,
      15: 0,
      16: sha256(body),
      17: body.length,
    }),
  );
  return struct({ 0: header, 1: key.sign('record', header), 2: body });
}

/** SHA-256 over label, header and signature. */
export function recordId(value: Cbor): Buffer {
  const parts = fields(value);
  return sha256('nestpost/1 record-id\0', bytes(parts.get(0)), bytes(parts.get(1)));
}

/** An entry of the house log, signed by its author. */
export function entry(key: Key, house: Buffer, given: { seq: number; kind: number; body: Cbor }): Cbor {
  const signed = encode(
    struct({ 0: 1, 1: house, 2: given.seq, 3: randomBytes(32), 4: 1, 5: given.kind, 6: key.id, 7: encode(given.body) }),
  );
  const whole = encode(struct({ 0: signed, 1: key.sign('entry', signed), 2: [] }));
  return struct({ 0: whole, 1: randomBytes(32) });
}
