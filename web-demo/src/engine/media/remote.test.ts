import { describe, expect, it } from 'vitest';
import { EngineError } from '../contract';
import { handClock } from '../testing/fakes';
import { settle } from '../testing/house';
import type { FromMedia, ToMedia } from './jobs';
import { createMediaWorker } from './remote';

class FakeWorker extends EventTarget {
  terminated = false;
  readonly heard: ToMedia[] = [];
  postMessage(message: unknown): void {
    this.heard.push(message as ToMedia);
  }
  terminate(): void {
    this.terminated = true;
  }
  say(message: FromMedia): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }));
  }
}

function setUp() {
  const clock = handClock();
  const workers: FakeWorker[] = [];
  const remote = createMediaWorker({
    clock,
    spawn() {
      const worker = new FakeWorker();
      workers.push(worker);
      return worker as unknown as Worker;
    },
  });
  const last = () => {
    const worker = workers.at(-1);
    if (!worker) throw new Error('nobody has started one');
    return worker;
  };
  const jobs = () => last().heard.flatMap((message) => (message.kind === 'job' ? [message.job.name] : []));
  return { clock, workers, remote, last, jobs };
}
const original = { secret: '', bytes: 1 };
const prepare = { slot: 'a', id: 'i', kind: 'picture', original } as const;
const forget = { slot: 'a' };

describe('the media worker', () => {
  it('is started when it is first needed, and answers each as asked', async () => {
    const { workers, remote, last } = setUp();
    expect(workers).toEqual([]);
    const [first, second] = [remote.ask('forget', forget), remote.ask('prepare', prepare)];
    last().say({ kind: 'done', id: 2, result: { fault: 'lost' } });
    last().say({ kind: 'failed', id: 1, error: 'storage_refused' });
    expect(await second).toEqual({ fault: 'lost' });
    await expect(first).rejects.toEqual(new EngineError('storage_refused'));
    expect(workers.length).toBe(1);
  });

  it('is replaced when it dies, and sets aside the picture it died on twice', async () => {
    const { workers, remote, last, jobs } = setUp();
    const [bad, standing] = [remote.ask('prepare', prepare), remote.ask('forget', forget)];
    last().say({ kind: 'dead' });
    expect(workers.map((worker) => worker.terminated)).toEqual([true, false]);
    expect(jobs()).toEqual(['prepare', 'forget']);
    const error = new Event('error', { cancelable: true });
    last().dispatchEvent(error);
    expect(error.defaultPrevented).toBe(true);
    expect(await bad).toEqual({ fault: 'undecodable' });
    expect(jobs()).toEqual(['forget']);
    last().say({ kind: 'done', id: 2, result: {} });
    expect(await standing).toEqual({});
    // What a dead one still says is nobody's business.
    workers[0]?.say({ kind: 'dead' });
    expect(workers.length).toBe(3);
  });

  it('goes on with other pictures however many kill it', async () => {
    const { remote, last } = setUp();
    for (let n = 0; n < 5; n++) {
      const bad = remote.ask('prepare', { ...prepare, id: `${n}` });
      last().say({ kind: 'dead' });
      last().say({ kind: 'dead' });
      expect(await bad).toEqual({ fault: 'undecodable' });
    }
    const good = remote.ask('prepare', prepare);
    last().say({ kind: 'done', id: 6, result: { fault: 'lost' } });
    expect(await good).toEqual({ fault: 'lost' });
  });

  it('is replaced when it is silent over a picture', async () => {
    const { clock, workers, remote } = setUp();
    const bad = remote.ask('prepare', prepare);
    clock.turn(119_999);
    expect(workers.length).toBe(1);
    clock.turn(1);
    expect(workers.length).toBe(2);
    clock.turn(120_000);
    expect(await bad).toEqual({ fault: 'undecodable' });
  });

  it('rests when it cannot be started at all', async () => {
    const { clock, workers, remote, last } = setUp();
    const asked = remote.ask('forget', forget);
    for (let n = 0; n < 3; n++) last().dispatchEvent(new Event('error'));
    await expect(asked).rejects.toEqual(new EngineError('internal'));
    await expect(remote.ask('forget', forget)).rejects.toEqual(new EngineError('internal'));
    expect(workers.length).toBe(3);
    clock.turn(60_000);
    const again = remote.ask('forget', forget);
    last().say({ kind: 'done', id: 2, result: {} });
    expect(await again).toEqual({});
  });

  it('says so where a worker may start none', async () => {
    const remote = createMediaWorker({
      clock: handClock(),
      spawn() {
        throw new ReferenceError('Worker is not defined');
      },
    });
    await expect(remote.ask('forget', forget)).rejects.toEqual(new EngineError('internal'));
  });

  it('tells the worker when nobody waits any more', async () => {
    const { remote, last } = setUp();
    const ending = new AbortController();
    const asked = remote.ask('prepare', prepare, ending.signal);
    ending.abort();
    await expect(asked).rejects.toEqual(new EngineError('internal'));
    expect(last().heard.at(-1)).toEqual({ kind: 'cancel', id: 1 });
    last().say({ kind: 'done', id: 1, result: {} });
    last().say({ kind: 'dead' });
    await settle();
    expect([last().heard.length, last().terminated]).toEqual([2, true]);
  });
});
