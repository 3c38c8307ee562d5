import { describe, expect, it, vi } from 'vitest';
import type { EngineError } from '../contract';
import { handClock } from '../testing/fakes';
import { fakeHouse, fakeMediaWorker, keptRow, promised, row, settle } from '../testing/house';
import type { Jobs } from './jobs';
import { createLane } from './lane';
import { createLibrary } from './library';
import { createTickets } from './tickets';

type Read = Jobs['read'];

function setUp() {
  const clock = handClock();
  const house = fakeHouse(clock);
  const tickets = createTickets(clock);
  let ticket = 0;
  house.wantTicket.mockImplementation(() => {
    tickets.came('a', new Uint8Array([++ticket]));
  });
  /** Blobs on this device, and at the relay. */
  const [here, there] = [new Set<string>(), new Set<string>()];
  const opened = (id: string) => ({ opened: new Blob([id]) });
  const get = vi.fn((args: Read['args']): Read['result'] | Promise<Read['result']> =>
    there.has(args.blob.id) ? opened(args.blob.id) : { trouble: 'absent' },
  );
  const media = fakeMediaWorker({
    read: (args) => {
      if (here.has(args.blob.id)) return opened(args.blob.id);
      return args.ticket === undefined ? { trouble: 'absent' } : get(args);
    },
    tidy: ({ keep }) => ({ absent: keep.filter((blob) => !here.has(blob)) }),
  });
  const state = { connected: true, held: [] as string[] };
  const hurry = vi.fn(() => Promise.resolve());
  const library = createLibrary({
    clock,
    worker: media.worker,
    tickets,
    preparing: { hurry },
    local: createLane(1),
    slot: (id) => (id === 'a' ? house : undefined),
    held: () => state.held,
    connected: () => state.connected,
  });
  const item = (id: string, file = false) => {
    const ref = (name: string) => ({ id: `${id}-${name}`, secret: 's', bytes: 1 });
    house.refs.set(id, file ? { full: ref('full') } : { full: ref('full'), thumb: ref('thumb') });
    const thumb = file ? null : `${id}-thumb`;
    house.index = [...house.index, { item: id, full: `${id}-full`, thumb, at: 1 }];
  };
  const turn = async (ms: number) => {
    clock.turn(ms);
    await settle();
  };
  const fetched = () => get.mock.calls.map(([{ blob }]) => blob.id);
  return { clock, house, tickets, here, there, get, media, state, hurry, library, item, turn, fetched, opened };
}
const textOf = async (blob: Promise<Blob>) => (await blob).text();
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'shown',
    (thrown: unknown) => (thrown as EngineError).code,
  );

describe('reading', () => {
  it('takes a picture from this device, else from the relay, in the size that is asked for', async () => {
    const { library, item, here, there, media, fetched } = setUp();
    item('1');
    item('2', true);
    here.add('1-thumb');
    there.add('1-full').add('2-full');
    expect(await textOf(library.picture('a', '1', 'thumb'))).toBe('1-thumb');
    expect(await textOf(library.picture('a', '1', 'full'))).toBe('1-full');
    expect(await textOf(library.file('a', '2'))).toBe('2-full');
    expect(fetched()).toEqual(['1-full', '2-full']);
    const reads = media.asked.map(([, args]) => [args['type'], args['evictable']]);
    expect(reads).toEqual([
      ['image/jpeg', false],
      ['image/jpeg', true],
      ['image/jpeg', true],
      ['application/pdf', true],
      ['application/pdf', true],
    ]);
  });

  it('shares one way for all who ask at once', async () => {
    const { library, item, get, opened } = setUp();
    item('1');
    const coming = promised<Read['result']>();
    get.mockReturnValue(coming.promise);
    const asked = [library.picture('a', '1', 'full'), library.picture('a', '1', 'full')];
    await settle();
    coming.resolve(opened('1-full'));
    expect(await Promise.all(asked.map(textOf))).toEqual(['1-full', '1-full']);
    expect(get).toHaveBeenCalledTimes(1);
    void library.picture('a', '1', 'full');
    await settle();
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('does not call evictable what the relay does not have', async () => {
    const { library, item, here, house, media } = setUp();
    item('1');
    house.rows = [row('1')];
    here.add('1-full');
    for (const stage of ['ready', 'failed'] as const) {
      house.rows = [row('1', { stage })];
      await library.picture('a', '1', 'full');
      expect(media.asked.at(-1)?.[1]).toMatchObject({ evictable: false });
    }
  });

  it('has a picture prepared that is only kept so far', async () => {
    const { library, item, here, house, hurry } = setUp();
    house.rows = [keptRow('1')];
    hurry.mockImplementation(() => {
      item('1');
      here.add('1-thumb');
      return Promise.resolve();
    });
    expect(await textOf(library.picture('a', '1', 'thumb'))).toBe('1-thumb');
    expect(hurry).toHaveBeenCalledExactlyOnceWith('a', '1');
    hurry.mockResolvedValue(undefined);
    house.rows = [keptRow('2')];
    expect(await codeOf(library.picture('a', '2', 'thumb'))).toBe('not_found');
    expect(await codeOf(library.picture('a', 'none', 'thumb'))).toBe('not_found');
    expect(await codeOf(library.picture('elsewhere', '1', 'thumb'))).toBe('not_found');
    expect(hurry).toHaveBeenCalledTimes(2);
  });

  it('says that it is offline: at once without a network, after a while with a relay that does not answer', async () => {
    const { library, item, house, state, turn, there, clock } = setUp();
    item('1');
    there.add('1-full');
    house.be({ link: 'offline' });
    state.connected = false;
    expect(await codeOf(library.picture('a', '1', 'full'))).toBe('offline');
    state.connected = true;
    const waiting = codeOf(library.picture('a', '1', 'full'));
    await settle();
    await turn(8_000);
    expect(await waiting).toBe('offline');
    const starting = library.picture('a', '1', 'full');
    await settle();
    clock.turn(5_000);
    house.be({ link: 'online' });
    expect(await textOf(starting)).toBe('1-full');
  });

  it('asks the relay for nothing that is here and opens nothing', async () => {
    const { library, item, media, there, fetched } = setUp();
    item('1');
    there.add('1-full');
    media.answers.read = () => ({ trouble: 'mismatch' });
    expect(await codeOf(library.picture('a', '1', 'full'))).toBe('internal');
    expect([media.names(), fetched()]).toEqual([['read'], []]);
  });

  it('goes on after broken lines, five times', async () => {
    const { library, item, get, turn, opened } = setUp();
    item('1');
    get.mockReturnValueOnce({ trouble: 'network' }).mockReturnValueOnce({ trouble: 'busy', afterMs: 3_000 });
    get.mockReturnValueOnce(opened('1-full'));
    const asked = library.picture('a', '1', 'full');
    await settle();
    await turn(375);
    expect(get).toHaveBeenCalledTimes(2);
    await turn(2_999);
    expect(get).toHaveBeenCalledTimes(2);
    await turn(1);
    expect(await textOf(asked)).toBe('1-full');
    get.mockClear();
    get.mockReturnValue({ trouble: 'network' });
    const never = codeOf(library.picture('a', '1', 'full'));
    await settle();
    for (const pause of [375, 750, 1500, 3000]) await turn(pause);
    expect(await never).toBe('offline');
    expect(get).toHaveBeenCalledTimes(5);
  });

  it('goes on for as long as something comes, and does not let anybody wait for long where nothing does', async () => {
    const { library, item, get, turn, opened, clock } = setUp();
    item('1');
    for (let n = 0; n < 12; n++) get.mockReturnValueOnce({ trouble: 'network', came: true });
    get.mockReturnValueOnce(opened('1-full'));
    const asked = library.picture('a', '1', 'full');
    await settle();
    for (let n = 0; n < 12; n++) await turn(15_000);
    expect(await textOf(asked)).toBe('1-full');
    get.mockReset().mockImplementation(() => {
      clock.turn(15_000);
      return { trouble: 'network' };
    });
    const never = codeOf(library.picture('a', '1', 'full'));
    await settle();
    await turn(15_000);
    expect(await never).toBe('offline');
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('gets a new ticket, asks once more for wrong bytes, and takes no for an answer', async () => {
    const { library, item, get, house } = setUp();
    item('1');
    get.mockImplementation(({ ticket, blob }) =>
      ticket === 'AQ' ? { trouble: 'ticket' } : { opened: new Blob([blob.id]) },
    );
    expect(await textOf(library.picture('a', '1', 'full'))).toBe('1-full');
    expect(house.wantTicket).toHaveBeenCalledTimes(2);
    get.mockReset().mockReturnValue({ trouble: 'ticket' });
    expect(await codeOf(library.picture('a', '1', 'full'))).toBe('offline');
    expect(get).toHaveBeenCalledTimes(3);
    get.mockReset().mockReturnValue({ trouble: 'mismatch' });
    expect(await codeOf(library.picture('a', '1', 'full'))).toBe('internal');
    expect(get).toHaveBeenCalledTimes(2);
    get.mockReset().mockReturnValueOnce({ trouble: 'absent' });
    get.mockReturnValue({ opened: new Blob(['of another relay']) });
    expect(await textOf(library.picture('a', '1', 'full'))).toBe('of another relay');
    const [first, second] = get.mock.calls.map(([{ ticket }]) => ticket);
    expect(second).not.toBe(first);
    get.mockReset().mockReturnValue({ trouble: 'absent' });
    expect(await codeOf(library.picture('a', '1', 'full'))).toBe('not_found');
    expect(get).toHaveBeenCalledTimes(2);
  });

  it('fetches a few at once, and first what fills the screen', async () => {
    const { library, item, get, fetched, opened } = setUp();
    const coming = promised<Read['result']>();
    get.mockReturnValueOnce(coming.promise).mockReturnValue(new Promise(() => undefined));
    for (const id of ['1', '2', '3', '4', '5', '6']) item(id);
    for (const id of ['1', '2', '3', '4', '5']) void library.picture('a', id, 'thumb');
    await settle();
    void library.picture('a', '6', 'full');
    await settle();
    expect(fetched()).toEqual(['1-thumb', '2-thumb', '3-thumb', '4-thumb']);
    coming.resolve(opened('1-thumb'));
    await settle();
    expect(fetched().at(-1)).toBe('6-full');
  });

  it('ends with the house', async () => {
    const { library, item, get } = setUp();
    item('1');
    get.mockReturnValue(new Promise(() => undefined));
    const asked = codeOf(library.picture('a', '1', 'full'));
    await settle();
    library.forget('a');
    expect(await asked).toBe('internal');
  });
});

describe('thumbnails', () => {
  it('are fetched unasked, newest first and one at a time; masters and attachments are not', async () => {
    const { library, item, here, turn, get, media, opened } = setUp();
    for (const id of ['1', '2', '3']) item(id);
    item('4', true);
    here.add('2-thumb');
    const coming = promised<Read['result']>();
    get.mockReturnValueOnce(coming.promise).mockImplementation(({ blob }) => opened(blob.id));
    library.changed('a');
    library.changed('a');
    await turn(1_999);
    expect(media.names()).toEqual([]);
    await turn(1);
    expect(get.mock.calls.map(([{ blob }]) => blob.id)).toEqual(['1-thumb']);
    coming.resolve(opened('1-thumb'));
    await settle();
    expect(get.mock.calls.map(([{ blob }]) => blob.id)).toEqual(['1-thumb', '3-thumb']);
    expect(media.names().filter((name) => name === 'tidy')).toEqual(['tidy']);
  });

  it('wait for the network, and are not asked for again where there is none', async () => {
    const { library, item, turn, house, there, fetched } = setUp();
    item('1');
    item('gone');
    there.add('1-thumb');
    house.be({ link: 'offline' });
    library.changed('a');
    await turn(2_000);
    expect(fetched()).toEqual([]);
    house.be({ link: 'online' });
    library.look();
    await settle();
    expect(fetched()).toEqual(['1-thumb', 'gone-thumb', 'gone-thumb']);
    library.look();
    library.changed('a');
    await turn(2_000);
    expect(fetched()).toEqual(['1-thumb', 'gone-thumb', 'gone-thumb']);
  });

  it('are fetched unasked once, also where they cannot be kept', async () => {
    const { library, item, turn, there, fetched } = setUp();
    item('1');
    item('2');
    there.add('1-thumb').add('2-thumb');
    await library.picture('a', '2', 'thumb');
    for (let n = 0; n < 3; n++) {
      library.changed('a');
      await turn(2_000);
    }
    expect(fetched()).toEqual(['2-thumb', '1-thumb']);
    // Whoever looks at one gets it.
    await library.picture('a', '1', 'thumb');
    expect(fetched().length).toBe(3);
  });

  it('are fetched unasked up to so many bytes a day; what is on screen comes in any case', async () => {
    const { library, item, turn, there, fetched, house } = setUp();
    for (const id of ['1', '2', '3', '4']) {
      item(id);
      there.add(`${id}-thumb`);
      const refs = house.refs.get(id);
      if (refs?.thumb) house.refs.set(id, { ...refs, thumb: { ...refs.thumb, bytes: 20_000_000 } });
    }
    library.changed('a');
    await turn(2_000);
    expect(fetched()).toEqual(['1-thumb', '2-thumb']);
    await library.picture('a', '4', 'thumb');
    library.look();
    library.changed('a');
    await turn(2_000);
    expect(fetched()).toEqual(['1-thumb', '2-thumb', '4-thumb']);
    await turn(24 * 60 * 60 * 1000);
    library.look();
    await settle();
    expect(fetched()).toEqual(['1-thumb', '2-thumb', '4-thumb', '3-thumb']);
  });

  it('that did not come for want of a network do not count, and a clock that was set back begins a new day', async () => {
    const { library, item, turn, there, fetched, house, get, clock, opened } = setUp();
    for (const id of ['1', '2', '3']) {
      item(id);
      there.add(`${id}-thumb`);
      const refs = house.refs.get(id);
      if (refs?.thumb) house.refs.set(id, { ...refs, thumb: { ...refs.thumb, bytes: 20_000_000 } });
    }
    get.mockReturnValue({ trouble: 'ticket' });
    library.changed('a');
    await turn(2_000);
    library.look();
    await settle();
    library.look();
    await settle();
    get.mockReset().mockImplementation(({ blob }) => opened(blob.id));
    library.look();
    await settle();
    expect(fetched()).toEqual(['1-thumb', '2-thumb']);
    clock.turn(-60_000);
    library.look();
    await settle();
    expect(fetched()).toEqual(['1-thumb', '2-thumb', '3-thumb']);
  });

  it('come for the right item, whatever others write down about the same blob', async () => {
    const { library, item, turn, house, get, fetched } = setUp();
    item('wrong');
    item('right');
    const ref = (secret: string) => ({ id: 'same', secret, bytes: 1 });
    for (const [id, secret] of [
      ['wrong', 'x'],
      ['right', 's'],
    ] as const) {
      house.refs.set(id, { full: ref(secret), thumb: ref(secret) });
      house.index = house.index.map((one) => (one.item === id ? { ...one, thumb: 'same' } : one));
    }
    get.mockImplementation(({ blob }) => {
      if (blob.secret !== 's') return { trouble: 'mismatch' };
      return { opened: new Blob(['right']) };
    });
    const shown = library.picture('a', 'right', 'thumb');
    const failed = codeOf(library.picture('a', 'wrong', 'thumb'));
    expect([await textOf(shown), await failed]).toEqual(['right', 'internal']);
    library.changed('a');
    await turn(2_000);
    expect(fetched().length).toBe(5);

    const again = setUp();
    again.house.refs = house.refs;
    again.house.index = house.index;
    again.get.mockImplementation(get.getMockImplementation() ?? (() => ({ trouble: 'absent' })));
    again.library.changed('a');
    await again.turn(2_000);
    expect(again.get.mock.calls.map(([{ blob }]) => blob.secret)).toEqual(['x', 'x', 's']);
  });

  it('come with a list of what may stay', async () => {
    const { library, item, turn, house, state, media } = setUp();
    item('1');
    item('2', true);
    house.rows = [row('r'), keptRow('k')];
    state.held = ['h'];
    library.changed('a');
    await turn(2_000);
    expect(media.asked.find(([name]) => name === 'tidy')?.[1]).toEqual({
      slot: 'a',
      originals: ['r', 'k', 'h'],
      keep: ['r-thumb', 'r-full', '1-thumb'],
      evictable: ['1-full', '2-full'],
    });
  });

  it('and everything else stay alone where we do not know what there is', async () => {
    const { library, turn, house, media } = setUp();
    house.be({ stage: 'joining' });
    library.changed('a');
    await turn(2_000);
    house.be({ stage: 'ended' });
    library.changed('a');
    library.changed('elsewhere');
    await turn(2_000);
    expect(media.names()).toEqual([]);
  });
});
