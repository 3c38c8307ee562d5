import { describe, expect, it } from 'vitest';
import { EngineError } from '../contract';
import { handClock } from '../testing/fakes';
import { fakeHouse, fakeMediaWorker, keptRow } from '../testing/house';
import { createAdding, type OfferedFile } from './adding';
import { createLane } from './lane';

function setUp() {
  const clock = handClock();
  const house = fakeHouse(clock);
  const media = fakeMediaWorker({
    take: ({ id, file }) => {
      if (file.name.startsWith('bad')) return { fault: 'not_a_picture' };
      return { kept: { secret: `o-${id}`, bytes: file.size } };
    },
    drop: () => ({}),
  });
  const adding = createAdding({
    clock,
    worker: media.worker,
    local: createLane(1),
    slot: (id) => (id === 'a' ? house : undefined),
  });
  const file = (id: string, name = `${id}.jpg`): OfferedFile => ({
    id,
    kind: 'picture',
    alt: 'Laterne',
    file: new File(['12'], name),
  });
  const progress: number[] = [];
  const add = (files: readonly OfferedFile[]) =>
    adding.add('a', { to: { group: 'g' }, set: 's', files }, (done) => progress.push(done));
  const notes = () =>
    house.commands
      .filter(({ name }) => name === 'take_media')
      .map(({ args }) => (args as { files: { id: string }[] }).files.map(({ id }) => id));
  return { clock, house, media, adding, file, progress, add, notes };
}

describe('adding', () => {
  it('counts as taken what is sealed and noted, and names what was refused', async () => {
    const { add, file, house, progress, adding } = setUp();
    expect(await add([file('1'), file('2', 'bad.svg'), file('3')])).toEqual({
      taken: 2,
      refused: [{ name: 'bad.svg', fault: 'not_a_picture' }],
    });
    expect(progress).toEqual([1, 3]);
    expect(house.commands).toEqual([
      {
        name: 'take_media',
        args: {
          to: { group: 'g' },
          set: 's',
          files: ['1', '3'].map((id) => ({
            id,
            kind: 'picture',
            name: `${id}.jpg`,
            alt: 'Laterne',
            secret: `o-${id}`,
            bytes: 2,
          })),
        },
      },
    ]);
    expect(adding.held('a')).toEqual([]);
  });

  it('notes many at once, but keeps nobody waiting', async () => {
    const { add, file, notes, media, clock } = setUp();
    await add(Array.from({ length: 45 }, (_, n) => file(`${n}`)));
    expect(notes().map((ids) => ids.length)).toEqual([20, 20, 5]);
    expect(notes().flat()).toEqual(Array.from({ length: 45 }, (_, n) => `${n}`));
    const take = media.answers.take;
    media.answers.take = (args) => {
      clock.turn(300);
      return take?.(args) ?? { fault: 'lost' };
    };
    await add(Array.from({ length: 5 }, (_, n) => file(`s${n}`)));
    expect(notes().slice(3)).toEqual([['s0', 's1'], ['s2', 's3'], ['s4']]);
  });

  it('holds what is sealed and not noted yet', async () => {
    const { add, file, media, adding } = setUp();
    const held: (readonly string[])[] = [];
    const take = media.answers.take;
    media.answers.take = (args) => {
      held.push(adding.held('a'));
      return take?.(args) ?? { fault: 'lost' };
    };
    await add([file('1'), file('2')]);
    expect(held).toEqual([['1'], ['1', '2']]);
  });

  it('tells of nothing that the engine has not noted', async () => {
    const { add, file, house, progress, clock, media } = setUp();
    const told: number[] = [];
    house.command.mockImplementation((command) => {
      told.push(progress.at(-1) ?? 0);
      house.commands.push(command);
      return Promise.resolve({});
    });
    const take = media.answers.take;
    media.answers.take = (args) => {
      clock.turn(300);
      return take?.(args) ?? { fault: 'lost' };
    };
    await add([file('1'), file('2'), file('3')]);
    expect([told, progress]).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  it('takes nothing twice that another worker has taken already', async () => {
    const { add, file, house, media, notes } = setUp();
    house.rows = [keptRow('1')];
    house.refs.set('2', { full: { id: 'b', secret: 's', bytes: 1 } });
    expect(await add([file('1'), file('2'), file('3')])).toEqual({ taken: 3, refused: [] });
    expect([media.names(), notes()]).toEqual([['take'], [['3']]]);
  });

  it('notes what was prepared for want of room after what came before it, and that it is ready', async () => {
    const { add, file, house, media } = setUp();
    const full = { id: 'f', secret: 'fs', bytes: 1, sealed: 2 };
    const take = media.answers.take;
    media.answers.take = (args) =>
      args.id === '2' ? { prepared: { full }, bytes: 2 } : (take?.(args) ?? { fault: 'lost' });
    expect(await add([file('1'), file('2')])).toEqual({ taken: 2, refused: [] });
    expect(house.commands.map(({ name, args }) => [name, args])).toMatchObject([
      ['take_media', { files: [{ id: '1' }, { id: '2', secret: 'fs', bytes: 2 }] }],
      ['media_ready', { id: '2', full }],
    ]);
  });

  it('keeps what is safe when the next one fails for all', async () => {
    const { add, file, media, notes, adding } = setUp();
    const take = media.answers.take;
    media.answers.take = (args) =>
      args.id === '2' ? Promise.reject(new EngineError('storage_refused')) : (take?.(args) ?? { fault: 'lost' });
    await expect(add([file('1'), file('2'), file('3')])).rejects.toEqual(new EngineError('storage_refused'));
    expect([notes(), adding.held('a')]).toEqual([[['1']], []]);
    await expect(
      adding.add('elsewhere', { to: { house: true }, set: 's', files: [] }, () => undefined),
    ).rejects.toEqual(new EngineError('not_found'));
  });

  it('says what the engine says', async () => {
    const { add, file, house, adding } = setUp();
    house.refuse.set('take_media', new EngineError('not_allowed'));
    await expect(add([file('1')])).rejects.toEqual(new EngineError('not_allowed'));
    expect(adding.held('a')).toEqual([]);
  });

  it('shortens a name that is too long and leaves its ending', async () => {
    const { add, file, house } = setUp();
    await add([file('1', `${'ä'.repeat(200)}.jpeg`), file('2', 'x'.repeat(121)), file('3', 'u\u0308.jpg')]);
    const names = house.commands
      .flatMap(({ args }) => (args as { files: { name: string }[] }).files)
      .map((one) => one.name);
    expect(names).toEqual([`${'ä'.repeat(114)}….jpeg`, `${'x'.repeat(119)}…`, 'ü.jpg']);
  });
});
