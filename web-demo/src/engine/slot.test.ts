import { describe, expect, it, vi } from 'vitest';
import inputs from '../../../wasm/golden/inputs.json';
import outputs from '../../../wasm/golden/outputs.json';
import type { SlotStorage } from '../platform/storage';
import { EngineError } from './contract';
import type { EngineEdge, Input, Inputs, Output, Summary } from './edge';
import { createSlot, type Slot } from './slot';
import { fakeSockets, handClock } from './testing/fakes';

/** The golden files write bytes as hex. */
function unhex(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unhex);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]: [string, unknown]) =>
      ['bytes', 'key', 'value'].includes(name) && typeof field === 'string'
        ? [name, Uint8Array.from(field.match(/../g) ?? [], (pair) => parseInt(pair, 16))]
        : [name, unhex(field)],
    ),
  );
}
const goldenInputs = unhex(inputs) as Input[];
const goldenOutputs = unhex(outputs) as Output[];
const goldenRestart = goldenOutputs.filter((output) => output.type === 'restart');

const summary: Summary = {
  name: 'Kita',
  fingerprint: '',
  role: 'guardian',
  stage: 'member',
  link: 'online',
  waiting: 0,
  media: { queued: 0, failed: 0, paused: false },
  alarms: [],
  me: { person: '', name: '' },
  helpLine: '',
  notice: '',
};

function setUp(storage: Partial<SlotStorage> = {}) {
  const clock = handClock();
  const sockets = fakeSockets();
  const heard: Input[] = [];
  const script: Output[][] = [];
  let now: Summary = summary;
  const engine: EngineEdge = {
    handle(_, input) {
      heard.push(input);
      return script.shift() ?? [];
    },
    query: () => [],
    summary: () => now,
    transfers: () => [],
    media: () => null,
    mediaIndex: () => [],
    house: () => undefined,
    answer: () => undefined,
    free: vi.fn(),
  };
  const writes: unknown[] = [];
  const full: SlotStorage = {
    load: () => Promise.resolve([]),
    write(rows) {
      writes.push(rows);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
    remove: () => Promise.resolve(),
    ...storage,
  };
  const changed = vi.fn();
  const [fatal, lost] = [vi.fn(), vi.fn()];
  const [published, ticket] = [vi.fn(), vi.fn()];
  const dep = {
    clock,
    connect: sockets.connect,
    origin: 'http://localhost:1',
    changed,
    fatal,
    lost,
    published,
    ticket,
  };
  const slot: Slot = createSlot(dep, 'a', engine, full);
  return {
    clock,
    sockets,
    heard,
    script,
    slot,
    engine,
    writes,
    changed,
    fatal,
    lost,
    ticket,
    be: (part: Partial<Summary>) => (now = { ...now, ...part }),
  };
}
// tidy: allow(sleep): zero milliseconds, the queue of tasks and not time
const flush = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

/** The fields of an input of this name. */
function fieldsOf<N extends keyof Inputs>(input: Input, name: N): Inputs[N] | undefined {
  return typeof input === 'object' ? (input as Partial<Inputs>)[name] : undefined;
}

describe('a slot', () => {
  it('makes every input of the golden file', async () => {
    const { sockets, slot, script, heard } = setUp({ write: () => Promise.resolve() });
    const [id = 0] = goldenInputs.flatMap((input) => fieldsOf(input, 'stored')?.id ?? []);
    script.push([{ type: 'store', id, writes: [] }]);
    sockets.last().open();
    const received = goldenInputs.flatMap((input) => [...(fieldsOf(input, 'received')?.bytes ?? [])]);
    sockets.last().receive(...received);
    const commands = goldenInputs.flatMap((input) => fieldsOf(input, 'command') ?? []);
    for (const { command } of commands) {
      for (const [name, args] of Object.entries(command)) void slot.command({ name, args });
    }
    slot.wantTicket();
    sockets.last().lose();
    await flush();
    const numbered = heard.map((input) => {
      const called = fieldsOf(input, 'command');
      return called ? { command: { ...called, id: commands[called.id - 1]?.id } } : input;
    });
    // In a browser an engine ends when the device does not store.
    for (const input of goldenInputs) if (!fieldsOf(input, 'store_failed')) expect(numbered).toContainEqual(input);
  });

  it('performs every output of the golden file', async () => {
    const { sockets, slot, script, heard, writes, changed, clock } = setUp();
    sockets.last().open();
    const answers: Promise<unknown>[] = [];
    // The golden answers are to commands 9, 10 and 11.
    for (let n = 1; n <= 11; n++) {
      const answer = slot.command({ name: 'mark_seen', args: { items: [] } });
      if (n >= 9) answers.push(answer);
      else answer.catch(() => undefined);
    }
    script.push(goldenOutputs.filter((output) => output.type !== 'restart'));
    sockets.last().receive(1);
    const [first, second, third] = await Promise.allSettled(answers);
    expect(first).toEqual({ status: 'fulfilled', value: { id: '000102030405060708090a0b0c0d0e0f' } });
    expect(second).toEqual({ status: 'fulfilled', value: {} });
    expect(third).toEqual({ status: 'rejected', reason: new EngineError('too_long') });
    await flush();
    expect(writes).toEqual([goldenOutputs[0]?.type === 'store' ? goldenOutputs[0].writes : undefined]);
    expect(sockets.made[0]?.sent).toEqual([new Uint8Array([0, 0xff, 0x10])]);
    expect(changed).toHaveBeenCalledWith('a');
    expect(heard.slice(-2)).toEqual(['link_down', { stored: { id: 7 } }]);
    const ticks = () => heard.filter((input) => input === 'tick').length;
    const before = ticks();
    clock.turn(10 * 60_000);
    expect(ticks()).toBe(before + 1);
    expect(new Set(goldenOutputs.map((output) => output.type))).toEqual(
      new Set(['store', 'send', 'close', 'restart', 'done', 'changed', 'ticket', 'idle']),
    );
  });

  it('wakes the engine when it asked to be woken', () => {
    const { clock, script, heard, sockets } = setUp();
    script.push([{ type: 'idle', until: clock.now() + 100 }]);
    sockets.last().open();
    clock.turn(99);
    expect(heard.at(-1)).toEqual('link_up');
    clock.turn(1);
    expect(heard.at(-1)).toEqual('tick');
  });

  it('is started anew from what is stored where the engine says so', async () => {
    const { script, sockets, slot, heard, lost, clock } = setUp();
    sockets.last().open();
    script.push([...goldenRestart, { type: 'idle', until: null }]);
    const asked = slot.command({ name: 'mark_seen', args: { items: [] } });
    await expect(asked).rejects.toEqual(new EngineError('offline'));
    expect(lost).toHaveBeenCalledExactlyOnceWith('a');
    // Nothing of it is an alarm, and the old engine hears no more.
    expect(slot.house().alarms).toEqual([]);
    const before = heard.length;
    slot.wake(0);
    clock.turn(10_000_000);
    expect([heard.length, sockets.made.length]).toEqual([before, 1]);
  });

  it('ends when the device does not store, says why, and sends nothing of it', async () => {
    const { script, sockets, slot, heard, lost, clock, engine } = setUp({
      write: () => Promise.reject(new EngineError('storage_full')),
    });
    sockets.last().open();
    script.push([{ type: 'store', id: 1, writes: [] }]);
    const written = slot.command({ name: 'mark_seen', args: { items: [] } });
    await expect(written).rejects.toEqual(new EngineError('storage_full'));
    expect(lost).toHaveBeenCalledExactlyOnceWith('a');
    expect(slot.house()).toMatchObject({ link: 'offline', alarms: [{ code: 'storage_full' }] });
    const before = heard.length;
    await expect(slot.command({ name: 'mark_seen', args: { items: [] } })).rejects.toEqual(
      new EngineError('storage_full'),
    );
    slot.wake(0);
    clock.turn(10_000_000);
    expect([heard.length, sockets.made.length]).toEqual([before, 1]);
    // What is there can still be read, until the next engine is.
    expect(slot.query({ name: 'groups', args: {} })).toEqual([]);
    await slot.stop();
    await slot.stop();
    expect(engine.free).toHaveBeenCalledTimes(1);
  });

  it('answers a command of a wrong shape, and dies of anything else', async () => {
    const { engine, slot, fatal, sockets } = setUp();
    engine.handle = () => {
      throw Object.assign(new Error('internal'), { code: 'internal' });
    };
    await expect(slot.command({ name: 'nonsense', args: {} })).rejects.toEqual(new EngineError('internal'));
    expect(fatal).not.toHaveBeenCalled();
    engine.handle = () => {
      throw new WebAssembly.RuntimeError('unreachable');
    };
    sockets.last().open();
    expect(fatal).toHaveBeenCalledTimes(1);
  });

  it('waits for what a house becomes, for its failure, or not for ever', async () => {
    const { slot, be, sockets, clock } = setUp();
    be({ stage: 'joining' });
    sockets.last().open();
    const member = slot.until((house) => house.stage === 'member', 1000);
    be({ stage: 'member' });
    sockets.last().receive(1);
    await expect(member).resolves.toMatchObject({ stage: 'member', slot: 'a' });
    const never = slot.until((house) => house.stage === 'ended', 1000);
    clock.turn(1000);
    await expect(never).rejects.toEqual(new EngineError('offline'));
    const failed = slot.until((house) => house.stage === 'joining', 1000);
    be({ stage: 'ended', failed: 'code_used' });
    sockets.last().receive(1);
    await expect(failed).rejects.toEqual(new EngineError('code_used'));
  });

  it('asks for a ticket and hands it on, and knows of a picture that is gone', () => {
    const { slot, script, heard, ticket, engine } = setUp();
    script.push([{ type: 'ticket', bytes: new Uint8Array([7]) }]);
    slot.wantTicket();
    expect(heard.at(-1)).toBe('ticket_wanted');
    expect(ticket).toHaveBeenCalledExactlyOnceWith('a', new Uint8Array([7]));
    expect(slot.media('00')).toBeUndefined();
    engine.media = () => {
      throw Object.assign(new Error('not_found'), { code: 'not_found' });
    };
    expect(() => slot.media('00')).toThrow(new EngineError('not_found'));
  });

  it('does not trust a line that slept', () => {
    const { slot, sockets } = setUp();
    sockets.last().open();
    slot.wake(1000);
    expect(sockets.made.length).toBe(1);
    slot.wake(60_000);
    expect(sockets.made.length).toBe(2);
  });

  it('asks nobody any more once its engine has emptied itself', () => {
    const { be, clock, heard, script, slot, sockets } = setUp();
    sockets.last().open();
    be({ stage: 'ended' });
    script.push([{ type: 'close' }]);
    sockets.last().receive(1);
    expect(heard.at(-1)).toBe('link_down');
    const asked = sockets.made.length;
    for (let hour = 0; hour < 24; hour++) clock.turn(3_600_000);
    slot.wake(60_000);
    expect(sockets.made.length).toBe(asked);
  });
});
