import { describe, expect, it, vi } from 'vitest';
import { EngineError } from '../contract';
import { handClock } from '../testing/fakes';
import { fakeHouse, fakeMediaWorker, promised, keptRow, row, settle } from '../testing/house';
import type { Failed, Jobs } from './jobs';
import { createSending } from './sending';
import { createTickets } from './tickets';

type PartResult = Jobs['part']['result'];

function setUp() {
  const clock = handClock();
  const house = fakeHouse(clock);
  const tickets = createTickets(clock);
  let ticket = 0;
  house.wantTicket.mockImplementation(() => {
    tickets.came('a', new Uint8Array([++ticket]));
  });
  const media = fakeMediaWorker({
    reserve: () => ({ missing: [0] }),
    part: () => ({ sent: true }),
  });
  const filled = vi.fn();
  const sending = createSending({ clock, worker: media.worker, tickets, slots: () => [house], filled });
  const look = async () => {
    sending.look();
    await settle();
  };
  const turn = async (ms: number) => {
    clock.turn(ms);
    await settle();
  };
  const parts = () =>
    media.asked.flatMap(([name, args]) => (name === 'part' ? [`${args['blob']} ${args['part']}`] : []));
  const reserves = () => media.asked.flatMap(([name, args]) => (name === 'reserve' ? [args['blob']] : []));
  const sent = () =>
    house.commands.filter(({ name }) => name === 'media_sent').map(({ args }) => (args as { id: string }).id);
  const failed = () => house.commands.filter(({ name }) => name === 'media_failed').map(({ args }) => args);
  /** Parts hang until the test answers them. */
  const hang = () => {
    const open: { blob: unknown; answer: (result: PartResult) => void; signal: AbortSignal | undefined }[] = [];
    media.answers.part = (args, signal) => {
      const { promise, resolve } = promised<PartResult>();
      open.push({ blob: args.blob, answer: resolve, signal });
      return promise;
    };
    return open;
  };
  return { clock, house, media, sending, filled, look, turn, parts, reserves, sent, failed, hang, tickets };
}

describe('sending', () => {
  it('sends what is ready in the order of the engine, and says when the relay has all of it', async () => {
    const { house, look, parts, sent, media } = setUp();
    house.rows = [row('k', { stage: 'kept' }), row('1'), row('2'), row('3'), row('s', { stage: 'sent' })];
    media.answers.reserve = ({ blob }) => ({ missing: blob === '1-full' ? [0, 2] : blob === '3-thumb' ? [] : [1] });
    await look();
    expect(sent()).toEqual(['1', '2', '3'].sort((a, b) => sent().indexOf(a) - sent().indexOf(b)));
    expect(new Set(parts())).toEqual(
      new Set(['1-thumb 1', '2-thumb 1', '1-full 0', '1-full 2', '2-full 1', '3-full 1']),
    );
    expect(parts().indexOf('1-thumb 1')).toBeLessThan(parts().indexOf('1-full 0'));
    expect(house.rows.map(({ id }) => id)).toEqual(['k', 's']);
  });

  it('sends two at a time, the next one when one is through', async () => {
    const { house, look, hang } = setUp();
    house.rows = [row('1'), row('2'), row('3')];
    const open = hang();
    await look();
    await look();
    expect(open.map(({ blob }) => blob)).toEqual(['1-thumb', '2-thumb']);
    open[1]?.answer({ sent: true });
    await settle();
    open[2]?.answer({ sent: true });
    await settle();
    expect(open.map(({ blob }) => blob)).toEqual(['1-thumb', '2-thumb', '2-full', '3-thumb']);
  });

  it('does not leave too much at the relay that nobody holds yet', async () => {
    const { house, look, sent } = setUp();
    house.rows = [...Array.from({ length: 20 }, (_, n) => row(`s${n}`, { stage: 'sent' })), row('1')];
    await look();
    expect(sent()).toEqual([]);
    house.rows = house.rows.slice(1);
    await look();
    expect(sent()).toEqual(['1']);
  });

  it('lets records go first, before every part, though not for ever', async () => {
    const { house, look, turn, parts, sent, hang } = setUp();
    house.rows = [row('1')];
    house.be({ waiting: 2 });
    await look();
    expect(parts()).toEqual([]);
    const open = hang();
    house.be({ waiting: 0 });
    await settle();
    expect(parts()).toEqual(['1-thumb 0']);
    house.be({ waiting: 1 });
    open[0]?.answer({ sent: true });
    await settle();
    expect(parts()).toEqual(['1-thumb 0']);
    await turn(9_999);
    expect(parts()).toEqual(['1-thumb 0']);
    await turn(1);
    expect(parts()).toEqual(['1-thumb 0', '1-full 0']);
    open[1]?.answer({ sent: true });
    await settle();
    expect(sent()).toEqual(['1']);
  });

  it('starts nothing while it is paused, and lets a part under way finish', async () => {
    const { house, look, reserves, hang, sent } = setUp();
    house.pause(true);
    house.rows = [row('1')];
    await look();
    expect(reserves()).toEqual([]);
    house.pause(false);
    const open = hang();
    await look();
    house.pause(true);
    open[0]?.answer({ sent: true });
    await look();
    expect([open.length, open[0]?.signal?.aborted]).toEqual([1, false]);
    house.pause(false);
    await look();
    // It asks the relay again what is lacking.
    expect(reserves()).toEqual(['1-thumb', '1-full', '1-thumb']);
    expect(sent()).toEqual([]);
  });

  it('waits for the network, and goes on at once when it is back', async () => {
    const { house, look, reserves, media, turn, sent } = setUp();
    house.rows = [row('1')];
    house.be({ link: 'offline' });
    await look();
    expect(reserves()).toEqual([]);
    house.be({ link: 'online' });
    media.answers.reserve = () => ({ trouble: 'network' });
    await look();
    for (let n = 0; n < 8; n++) await turn(60_000);
    expect(reserves().length).toBeGreaterThan(6);
    house.be({ link: 'connecting' });
    await look();
    const before = reserves().length;
    media.answers.reserve = () => ({ missing: [] });
    house.be({ link: 'online' });
    await look();
    expect(reserves().length).toBe(before + 2);
    expect(sent()).toEqual(['1']);
  });

  it('comes back after pauses that grow', async () => {
    const { house, look, reserves, media, turn } = setUp();
    house.rows = [row('1')];
    media.answers.reserve = () => ({ trouble: 'network' });
    await look();
    // Chance is one half: three quarters of each pause.
    for (const [attempt, pause] of [750, 1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000].entries()) {
      await turn(pause - 1);
      expect(reserves().length, `pause ${attempt}`).toBe(attempt + 1);
      await turn(1);
      expect(reserves().length, `pause ${attempt}`).toBe(attempt + 2);
    }
  });

  it('comes back when the relay says, and leaves a full one alone for long', async () => {
    const { house, look, reserves, media, turn, failed, sent, sending, filled } = setUp();
    house.rows = [row('1')];
    media.answers.reserve = () => ({ trouble: 'busy', afterMs: 20_000 });
    await look();
    await turn(19_999);
    expect(reserves().length).toBe(1);
    await turn(1);
    expect(reserves().length).toBe(2);
    media.answers.reserve = () => ({ trouble: 'full' });
    await turn(20_000);
    expect(reserves().length).toBe(3);
    await turn(44_999);
    expect(reserves().length).toBe(3);
    for (let n = 0; n < 30; n++) await turn(15 * 60_000);
    expect([reserves().length > 20, failed()]).toEqual([true, []]);
    expect([sending.isFull('a'), filled.mock.calls.length]).toEqual([true, 1]);
    media.answers.reserve = () => ({ missing: [] });
    await turn(15 * 60_000);
    expect(sent()).toEqual(['1']);
    expect([sending.isFull('a'), filled.mock.calls.length]).toEqual([false, 2]);
  });

  it('gets a new ticket for one that is too old, and does not ask for ever', async () => {
    const { house, look, media, sent, reserves } = setUp();
    house.rows = [row('1')];
    media.answers.part = ({ ticket }) => (ticket === 'AQ' ? { trouble: 'ticket' } : { sent: true });
    await look();
    expect(sent()).toEqual(['1']);
    expect(house.wantTicket).toHaveBeenCalledTimes(2);
    expect(reserves()).toEqual(['1-thumb', '1-full']);
    house.rows = [row('2')];
    media.answers.reserve = () => ({ trouble: 'ticket' });
    await look();
    expect(house.wantTicket.mock.calls.length).toBeLessThan(8);
  });

  it('shows another ticket where the relay knows nothing', async () => {
    const { house, look, media, sent, turn } = setUp();
    house.rows = [row('1')];
    media.answers.reserve = ({ ticket }) => (ticket === 'AQ' ? { trouble: 'absent' } : { missing: [] });
    await look();
    await turn(5_000);
    expect(sent()).toEqual(['1']);
  });

  it('announces again what has expired or came wrong, then gives others their turn, and sets aside in the end', async () => {
    const { house, look, media, reserves, turn, sent, failed } = setUp();
    house.rows = [row('bad'), row('good')];
    const answer = vi.fn((): PartResult => ({ trouble: 'absent' }));
    media.answers.part = ({ blob }) => (blob.startsWith('bad') ? answer() : { sent: true });
    answer
      .mockReturnValueOnce({ trouble: 'absent' })
      .mockReturnValueOnce({ sent: true })
      .mockReturnValue({ trouble: 'mismatch' });
    await look();
    expect(reserves().filter((blob) => blob === 'bad-thumb').length).toBe(2);
    expect(reserves().filter((blob) => blob === 'bad-full').length).toBe(3);
    expect([sent(), failed()]).toEqual([['good'], []]);
    await turn(5_000);
    await turn(10_000);
    expect(failed()).toEqual([{ id: 'bad', fault: 'refused' }]);
  });

  it.each([
    ['lost', 1],
    ['too_large', 3],
    ['absent', 8],
    ['refused', 8],
  ] as const)('sets aside what the relay answers with %s after %i attempts', async (trouble, attempts) => {
    const { house, look, media, reserves, turn, failed } = setUp();
    house.rows = [row('1')];
    media.answers.reserve = (): Failed => ({ trouble });
    await look();
    for (let n = 1; n < attempts; n++) {
      expect(failed()).toEqual([]);
      await turn(600_000);
    }
    expect(failed()).toEqual([{ id: '1', fault: trouble === 'lost' ? 'lost' : 'refused' }]);
    expect(reserves().length).toBe(attempts);
  });

  it('leaves alone what was set aside, and begins anew once it is tried again', async () => {
    const { house, look, media, reserves, turn, failed, sent } = setUp();
    house.rows = [row('1'), row('2', { stage: 'failed' }), keptRow('k')];
    media.answers.reserve = ({ blob }) => (blob.startsWith('1') ? { trouble: 'too_large' } : { missing: [] });
    await look();
    for (let n = 1; n < 3; n++) await turn(600_000);
    expect([failed(), sent()]).toEqual([[{ id: '1', fault: 'refused' }], []]);
    // The engine keeps it, set aside, and then as one that is ready.
    house.rows = [row('1', { stage: 'failed' }), row('2'), keptRow('k')];
    await look();
    expect(sent()).toEqual(['2']);
    house.rows = [row('1'), row('3')];
    const before = reserves().length;
    await look();
    await turn(600_000);
    expect(failed().length).toBe(1);
    expect(reserves().length).toBeGreaterThan(before + 1);
  });

  it('stops what was removed while it was on its way', async () => {
    const { house, look, hang, sent, failed, sending } = setUp();
    house.rows = [row('1'), row('2')];
    const open = hang();
    await look();
    house.rows = [row('2')];
    await look();
    expect(open.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
    sending.forget('a');
    expect(open[1]?.signal?.aborted).toBe(true);
    house.rows = [];
    await look();
    expect([sent(), failed()]).toEqual([[], []]);
  });

  it('does not run in circles when the engine does not take the news', async () => {
    const { house, look, turn, reserves, sent } = setUp();
    house.rows = [row('1')];
    house.refuse.set('media_sent', new EngineError('not_found'));
    await look();
    expect(reserves()).toEqual(['1-thumb', '1-full']);
    await turn(5_000);
    expect(sent()).toEqual(['1']);
  });
});
