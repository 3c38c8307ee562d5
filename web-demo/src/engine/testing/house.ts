/** @file A house's engine and the media worker as far as pictures go, played by tests: what is queued, and what each job came to. */
import { vi } from 'vitest';
import { EngineError, type House } from '../contract';
import type { HostCommands, MediaIndexed, MediaRefs, Named, TransferEdge } from '../edge';
import type { JobName, Jobs } from '../media/jobs';
import type { MediaWorker } from '../media/remote';
import type { HandClock } from './fakes';

const member: House = {
  slot: 'a',
  name: 'Kita',
  fingerprint: '',
  role: 'educator',
  stage: 'member',
  link: 'online',
  waiting: 0,
  media: { queued: 0, failed: 0, paused: false },
  alarms: [],
  me: { person: '', name: '' },
  helpLine: '',
  notice: '',
};

/** Lets everything run that waits for nothing but its turn. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 60; turn++) await Promise.resolve();
}

export function row(id: string, part: Partial<TransferEdge> = {}): TransferEdge {
  const blob = (name: string) => ({ id: `${id}-${name}`, secret: `s-${id}-${name}`, bytes: 1, sealed: 2 });
  return {
    id,
    stage: 'ready',
    kind: 'picture',
    name: 'x.jpg',
    circle: 'c',
    original: null,
    blobs: [blob('thumb'), blob('full')],
    order: 0,
    ...part,
  };
}

/** A kept one. */
export function keptRow(id: string): TransferEdge {
  return row(id, { stage: 'kept', blobs: [], original: { secret: `o-${id}`, bytes: 9 } });
}

/** `rows` is what `transfers` answers; commands change it as the engine does. */
export function fakeHouse(clock: HandClock, id = 'a') {
  let now: House = { ...member, slot: id };
  const watchers = new Set<() => void>();
  const house = {
    id,
    rows: [] as TransferEdge[],
    index: [] as MediaIndexed[],
    refs: new Map<string, MediaRefs>(),
    commands: [] as Named[],
    /** Refuses the next command of this name. */
    refuse: new Map<string, EngineError>(),
    be(part: Partial<House>) {
      now = { ...now, ...part };
      for (const watcher of [...watchers]) watcher();
    },
    pause(paused: boolean) {
      house.be({ media: { ...now.media, paused } });
    },
    house: (): House => ({
      ...now,
      waiting: now.waiting + house.rows.length,
      media: {
        ...now.media,
        queued: house.rows.filter(({ stage }) => stage !== 'failed').length,
        failed: house.rows.filter(({ stage }) => stage === 'failed').length,
      },
    }),
    transfers: () => house.rows,
    media: (item: string) => house.refs.get(item),
    mediaIndex: () => house.index,
    wantTicket: vi.fn(),
    command: vi.fn((command: Named) => {
      const refusal = house.refuse.get(command.name);
      house.refuse.delete(command.name);
      if (refusal) return Promise.reject(refusal);
      house.commands.push(command);
      const { id: item } = command.args as { id: string };
      const change = (part: Partial<TransferEdge>) =>
        (house.rows = house.rows.map((one) => (one.id === item ? { ...one, ...part } : one)));
      if (command.name === 'media_ready' && house.rows.some((one) => one.id === item)) {
        const { full } = command.args as HostCommands['media_ready']['args'];
        house.refs.set(item, { full });
        change({ stage: 'ready', blobs: row(item).blobs });
      }
      if (command.name === 'media_failed') {
        const { fault } = command.args as HostCommands['media_failed']['args'];
        if (fault === 'refused' || fault === 'storage_full') change({ stage: 'failed' });
        else house.rows = house.rows.filter((one) => one.id !== item);
      }
      if (command.name === 'media_sent') house.rows = house.rows.filter((one) => one.id !== item);
      return Promise.resolve({});
    }),
    until: (reached: (house: House) => boolean, patienceMs: number) =>
      new Promise<House>((resolve, reject) => {
        const look = () => {
          if (!reached(house.house())) return;
          end();
          resolve(house.house());
        };
        const cancel = clock.after(patienceMs, () => {
          end();
          reject(new EngineError('offline'));
        });
        const end = () => {
          cancel();
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
  };
  return house;
}

type Answer<K extends JobName> = (
  args: Jobs[K]['args'],
  signal?: AbortSignal,
) => Jobs[K]['result'] | Promise<Jobs[K]['result']>;

/** Answers jobs as the test says, and remembers them. */
export function fakeMediaWorker(answers: { [K in JobName]?: Answer<K> }) {
  const asked: [JobName, Record<string, unknown>][] = [];
  const worker: MediaWorker = {
    ask(name, args, signal) {
      asked.push([name, args as unknown as Record<string, unknown>]);
      const answer = answers[name] as Answer<typeof name> | undefined;
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => {
          reject(new EngineError('internal'));
        });
        Promise.resolve()
          .then(() => {
            if (!answer) throw new Error(`nobody asked for ${name}`);
            return answer(args, signal);
          })
          .then(resolve, reject);
      });
    },
  };
  const names = () => asked.map(([name]) => name);
  return { worker, asked, names, answers };
}

/** A promise to be settled by hand. */
export function promised<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((fulfil, fail) => {
    resolve = fulfil;
    reject = fail;
  });
  return { promise, resolve, reject };
}
