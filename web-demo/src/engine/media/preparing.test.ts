import { describe, expect, it } from 'vitest';
import { EngineError } from '../contract';
import { handClock } from '../testing/fakes';
import { fakeHouse, fakeMediaWorker, keptRow, promised, row, settle } from '../testing/house';
import type { Jobs, Prepared } from './jobs';
import { createLane } from './lane';
import { createPreparing } from './preparing';

type Result = Jobs['prepare']['result'];

function setUp() {
  const clock = handClock();
  const house = fakeHouse(clock);
  const blob = (id: string) => ({ id, secret: 's', bytes: 1, sealed: 2 });
  const prepared = (id: string): Prepared => ({
    full: blob(`${id}-full`),
    thumb: blob(`${id}-thumb`),
    width: 4,
    height: 3,
    hash: '00',
  });
  const media = fakeMediaWorker({
    prepare: ({ id }) => ({ prepared: prepared(id) }),
    drop: () => ({}),
  });
  const local = createLane(1);
  const preparing = createPreparing({ clock, worker: media.worker, local, slots: () => [house] });
  const look = async () => {
    preparing.look();
    await settle();
  };
  const turn = async (ms: number) => {
    clock.turn(ms);
    await settle();
  };
  const tried = () => media.asked.flatMap(([name, args]) => (name === 'prepare' ? [args['id']] : []));
  return { clock, house, media, preparing, local, look, turn, tried, prepared };
}

describe('preparing', () => {
  it('goes through what was kept, one at a time and in order, paused or not, online or not', async () => {
    const { house, media, look, tried, prepared } = setUp();
    house.be({ link: 'offline' });
    house.pause(true);
    house.rows = [row('0'), keptRow('1'), keptRow('2')];
    const first = promised<Result>();
    media.answers.prepare = ({ id }) => (id === '1' ? first.promise : { prepared: prepared(id) });
    await look();
    await look();
    expect(tried()).toEqual(['1']);
    first.resolve({ prepared: prepared('1') });
    await settle();
    expect(tried()).toEqual(['1', '2']);
    expect(house.commands).toEqual(['1', '2'].map((id) => ({ name: 'media_ready', args: { id, ...prepared(id) } })));
    expect(house.rows.map(({ stage }) => stage)).toEqual(['ready', 'ready', 'ready']);
    // Each original goes once the engine has noted what was made of it.
    expect(media.asked.filter(([name]) => name === 'drop').map(([, args]) => args)).toEqual(
      ['1', '2'].map((original) => ({ slot: 'a', original, blobs: [] })),
    );
  });

  it('sets one broken picture aside with its reason and goes on', async () => {
    const { house, media, look, tried, prepared } = setUp();
    house.rows = [keptRow('1'), keptRow('2')];
    media.answers.prepare = ({ id }) => (id === '1' ? { fault: 'undecodable' } : { prepared: prepared(id) });
    await look();
    expect(house.commands[0]).toEqual({ name: 'media_failed', args: { id: '1', fault: 'undecodable' } });
    expect([tried(), house.rows.map(({ id }) => id)]).toEqual([['1', '2'], ['2']]);
  });

  it('takes first what somebody looks at, and tells when it is done', async () => {
    const { house, look, tried, preparing, local } = setUp();
    house.rows = [keptRow('1'), keptRow('2'), keptRow('3')];
    const taking = promised<undefined>();
    void local.run(0, () => taking.promise);
    await look();
    let seen = false;
    const hurried = preparing.hurry('a', '3').then(() => (seen = true));
    await settle();
    expect(seen).toBe(false);
    taking.resolve(undefined);
    await hurried;
    await settle();
    expect(tried()).toEqual(['3', '1', '2']);
  });

  it('takes turns with files that are taken in, where somebody looks, and follows them else', async () => {
    const { house, look, preparing, local, media } = setUp();
    house.rows = [keptRow('1'), keptRow('2')];
    const taken: string[] = [];
    const [first, second] = [promised<undefined>(), promised<undefined>()];
    const order = () => media.names().filter((name) => name === 'prepare').length;
    void local.run(1, () => first.promise);
    await look();
    void preparing.hurry('a', '2');
    void local.run(1, () => {
      taken.push(`after ${order()}`);
      return second.promise;
    });
    first.resolve(undefined);
    await settle();
    expect(taken).toEqual(['after 1']);
    expect(order()).toBe(1);
    second.resolve(undefined);
    await settle();
    expect(order()).toBe(2);
  });

  it('lets nobody wait for what is not kept any more', async () => {
    const { house, preparing, look, local } = setUp();
    await preparing.hurry('a', 'gone');
    house.rows = [keptRow('1')];
    void local.run(0, () => new Promise(() => undefined));
    const hurried = preparing.hurry('a', '1');
    house.rows = [];
    await look();
    await hurried;
    house.rows = [keptRow('2')];
    const forgotten = preparing.hurry('a', '2');
    preparing.forget('a');
    await forgotten;
  });

  it('tries again later what failed for reasons of the device, meanwhile the others, and gives up in the end', async () => {
    const { house, media, look, turn, tried, prepared } = setUp();
    house.rows = [keptRow('1'), keptRow('2')];
    media.answers.prepare = ({ id }) =>
      id === '1' ? Promise.reject(new EngineError('storage_full')) : { prepared: prepared(id) };
    await look();
    expect(tried()).toEqual(['1', '2']);
    await turn(9_999);
    expect(tried().length).toBe(2);
    await turn(1);
    await turn(60_000);
    expect(house.rows.map(({ stage }) => stage)).toEqual(['kept', 'ready']);
    await turn(300_000);
    expect(tried()).toEqual(['1', '2', '1', '1', '1']);
    expect(house.commands.at(-1)).toEqual({ name: 'media_failed', args: { id: '1', fault: 'storage_full' } });
    // Its original stays, for whoever tries it again.
    const dropped = () => media.asked.flatMap(([name, args]) => (name === 'drop' ? [args['original']] : []));
    expect(dropped()).toEqual(['2']);
    house.rows = [keptRow('1')];
    media.answers.prepare = () => Promise.reject(new EngineError('storage_refused'));
    await look();
    for (const pause of [10_000, 60_000, 300_000]) await turn(pause);
    expect(house.commands.at(-1)).toEqual({ name: 'media_failed', args: { id: '1', fault: 'refused' } });
    media.answers.prepare = () => ({ fault: 'undecodable' });
    house.rows = [keptRow('1')];
    await look();
    expect(dropped()).toEqual(['2', '1']);
  });

  it('leaves nothing of what was removed while it was prepared', async () => {
    const { house, media, look } = setUp();
    house.rows = [keptRow('1')];
    media.answers.prepare = ({ id }) => {
      house.rows = [];
      return { prepared: setUp().prepared(id) };
    };
    await look();
    expect(media.asked.at(-1)).toEqual(['drop', { slot: 'a', original: '1', blobs: ['1-full', '1-thumb'] }]);
  });
});
