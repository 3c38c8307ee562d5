import { describe, expect, it } from 'vitest';
import { EngineError } from '../contract';
import type { Slot } from '../slot';
import { handClock } from '../testing/fakes';
import { fakeHouse, fakeMediaWorker, keptRow, row, settle } from '../testing/house';
import { createDesk } from './desk';

function setUp() {
  const clock = handClock();
  const house = fakeHouse(clock);
  const full = { id: 'f', secret: 's', bytes: 1, sealed: 2 };
  const media = fakeMediaWorker({
    sweep: () => ({}),
    tidy: () => ({ absent: [] }),
    prepare: () => ({ prepared: { full } }),
    drop: () => ({}),
    take: ({ file }) => ({ kept: { secret: 's', bytes: file.size } }),
    reserve: () => ({ missing: [] }),
    read: () => ({ opened: new Blob(['1']) }),
    forget: () => ({}),
  });
  const slots = new Map([['a', house as unknown as Slot]]);
  const desk = createDesk({ clock, worker: media.worker, slots, connected: () => true, filled: () => undefined });
  const turn = async (ms: number) => {
    clock.turn(ms);
    await settle();
  };
  return { clock, house, media, desk, slots, turn };
}

describe('the desk', () => {
  it('clears up after a start: slots that are gone first, then what nobody names', async () => {
    const { desk, media, turn } = setUp();
    desk.started(() => ['a', 'damaged']);
    await turn(999);
    expect(media.names()).toEqual([]);
    await turn(1);
    await turn(2_000);
    expect(media.asked[0]).toEqual(['sweep', { slots: ['a', 'damaged'] }]);
    expect(media.names()).toEqual(['sweep', 'tidy']);
  });

  it('takes a picture all the way, with one look for many changes', async () => {
    const { desk, house, media, turn } = setUp();
    house.rows = [keptRow('1')];
    for (let n = 0; n < 10; n++) desk.published();
    await turn(50);
    desk.ticket('a', new Uint8Array([1]));
    desk.changed('a');
    await turn(50);
    expect(media.names()).toEqual(['prepare', 'drop', 'reserve', 'reserve']);
    expect(house.commands.map(({ name }) => name)).toEqual(['media_ready', 'media_sent']);
    expect(house.rows).toEqual([]);
  });

  it('clears up after files that the engine did not take', async () => {
    const { desk, house, media, turn } = setUp();
    house.refuse.set('take_media', new EngineError('not_allowed'));
    const file = { id: '1', kind: 'picture', alt: '', file: new File(['1'], 'x') } as const;
    const adding = desk.add('a', { to: { group: 'g' }, set: 's', files: [file] }, () => undefined);
    await expect(adding).rejects.toEqual(new EngineError('not_allowed'));
    await turn(2_000);
    expect(media.asked.at(-1)).toEqual(['tidy', { slot: 'a', originals: [], keep: [], evictable: [] }]);
  });

  it('stops everything for a house that is forgotten, and deletes its files', async () => {
    const { desk, house, media, slots, turn } = setUp();
    house.rows = [row('1')];
    desk.published();
    await turn(50);
    // It waits for a ticket.
    expect(house.wantTicket).toHaveBeenCalledTimes(1);
    slots.delete('a');
    await desk.forget('a');
    await turn(100_000);
    expect(media.names()).toEqual(['forget']);
    media.answers.forget = () => Promise.reject(new EngineError('storage_refused'));
    await desk.forget('a');
    await expect(desk.picture('a', '1', 'thumb')).rejects.toEqual(new EngineError('not_found'));
  });
});
