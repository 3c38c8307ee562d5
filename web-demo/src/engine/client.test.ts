import { describe, expect, it, vi } from 'vitest';
import { connectEngine } from './client';
import { EngineError, type House } from './contract';
import type { Channel, FromEngine, FromWorker, ToEngine } from './messages';
import { fakeChannels, handClock } from './testing/fakes';

vi.mock('./worker?worker&url', () => ({ default: '/worker.js' }));

class FakeWorker extends EventTarget {
  terminated = false;
  postMessage = vi.fn();
  terminate(): void {
    this.terminated = true;
  }
  say(message: FromWorker): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }));
  }
}

/** The serving worker's side of the channel, played by the test. */
function serve(channel: Channel, server: string, houses: readonly House[] = [], build = 'worker-1.js') {
  const heard: ToEngine[] = [];
  const post = (message: FromEngine) => {
    channel.postMessage(message);
  };
  channel.addEventListener('message', (event) => {
    const message = (event as MessageEvent<ToEngine | FromEngine>).data;
    if (message.kind === 'hello') post({ kind: 'state', server, build, houses });
    else if (message.kind === 'call' || message.kind === 'wake') heard.push(message);
  });
  return { heard, post, start: () => post({ kind: 'state', server, build, houses }) };
}

function setUp() {
  const clock = handClock();
  const open = fakeChannels();
  const workers: FakeWorker[] = [];
  const page = (name: string) =>
    connectEngine({
      clock,
      channel: open(),
      spawn() {
        const worker = new FakeWorker();
        workers.push(worker);
        return worker;
      },
      page: name,
      build: 'worker-1.js',
      visible: () => true,
      persist,
    });
  const persist = vi.fn();
  return { clock, open, workers, page, persist };
}

const calls = (heard: readonly ToEngine[]) => heard.filter((message) => message.kind === 'call');

describe('the client', () => {
  it('waits for houses, asks, and hears the answer that is its own', async () => {
    const { open, page } = setUp();
    const starting = page('p');
    const server = serve(open(), 's');
    server.start();
    const client = await starting;
    const asked = client.query('a', 'groups', {});
    const [call] = calls(server.heard);
    expect(call).toEqual({
      kind: 'call',
      page: 'p',
      id: 1,
      call: { method: 'query', slot: 'a', query: { name: 'groups', args: {} } },
    });
    server.post({ kind: 'reply', page: 'other', id: 1, result: { ok: 'theirs' } });
    server.post({ kind: 'reply', page: 'p', id: 1, result: { ok: ['ours'] } });
    await expect(asked).resolves.toEqual(['ours']);
    const refused = client.forget('a');
    server.post({ kind: 'reply', page: 'p', id: 2, result: { error: 'not_found' } });
    await expect(refused).rejects.toEqual(new EngineError('not_found'));
  });

  it('serves two pages at once and tells both of changes', async () => {
    const { open, page } = setUp();
    const server = serve(open(), 's');
    const [first, second] = await Promise.all([page('p'), page('q')]);
    const heard: string[] = [];
    first.onChanged((slot) => heard.push(`p ${slot}`));
    const stop = second.onChanged((slot) => heard.push(`q ${slot}`));
    server.post({ kind: 'changed', slot: 'a' });
    stop();
    server.post({ kind: 'changed', slot: 'b' });
    expect(heard).toEqual(['p a', 'q a', 'p b']);
  });

  it('asks its queries again when another worker takes over, and never a command that had arrived', async () => {
    const { open, page } = setUp();
    const first = serve(open(), 's1');
    const client = await page('p');
    const query = client.query('a', 'threads', {});
    const arrived = client.command('a', 'mark_seen', { items: [] });
    first.post({ kind: 'got', server: 's1', page: 'p', id: 2 });
    const lost = client.command('a', 'mark_seen', { items: ['i'] });
    const between = client.command('a', 'mark_seen', { items: ['j'] });
    const next = serve(open(), 's2');
    next.post({ kind: 'got', server: 's2', page: 'p', id: 4 });
    next.start();
    await expect(arrived).rejects.toEqual(new EngineError('internal'));
    expect(calls(next.heard).map((message) => message.id)).toEqual([1, 3]);
    for (const id of [3, 4]) next.post({ kind: 'reply', page: 'p', id, result: { ok: {} } });
    await expect(Promise.all([lost, between])).resolves.toEqual([{}, {}]);
    next.post({ kind: 'reply', page: 'p', id: 1, result: { ok: [] } });
    await expect(query).resolves.toEqual([]);
  });

  it('says that another tab is in the way when nobody answers', async () => {
    const { clock, page } = setUp();
    const starting = page('p');
    clock.turn(20_000);
    await expect(starting).rejects.toEqual(new EngineError('other_tab'));
  });

  it('replaces a worker that died, but not for ever', async () => {
    const { clock, workers, page } = setUp();
    const starting = page('p');
    for (let n = 0; n < 3; n++) workers.at(-1)?.say({ kind: 'dead' });
    expect(workers.length).toBe(4);
    workers.at(-1)?.say({ kind: 'dead' });
    expect(workers.length).toBe(4);
    await expect(starting).rejects.toEqual(new EngineError('internal'));
    expect(workers.every((worker) => worker.terminated)).toBe(true);
    clock.turn(1);
  });

  it('replaces a worker that gives no sign of life', async () => {
    const { clock, workers, page, open } = setUp();
    serve(open(), 's');
    await page('p');
    workers[0]?.say({ kind: 'pong', serving: true });
    clock.turn(40_000);
    expect(workers.length).toBe(1);
    clock.turn(10_000);
    expect(workers.length).toBe(2);
    expect(workers[0]?.terminated).toBe(true);
  });

  it('gives the worker that replaces another one time to load before it says that another tab is in the way', async () => {
    const { clock, workers, page, open } = setUp();
    const channel = open();
    const starting = page('p');
    channel.postMessage({ kind: 'state', server: 's', build: 'worker-1.js', houses: [] });
    const client = await starting;
    workers[0]?.say({ kind: 'pong', serving: true });
    const failed = vi.fn();
    const asked = client.query('a', 'threads', {}).catch(failed);
    clock.turn(50_000);
    expect(workers.length).toBe(2);
    await Promise.resolve();
    expect(failed).not.toHaveBeenCalled();
    clock.turn(20_000);
    await asked;
    expect(failed).toHaveBeenCalledExactlyOnceWith(new EngineError('other_tab'));
  });

  it('takes what a screen holds, reactive or not', async () => {
    const { open, page } = setUp();
    const server = serve(open(), 's');
    const client = await page('p');
    // What Svelte hands out for a list in `$state`: a structured clone of it fails.
    const groups = new Proxy(['g1', 'g2'], {});
    expect(() => structuredClone(groups)).toThrow();
    void client.command('a', 'create_staff', { name: 'Murat', role: 'educator', groups });
    const [call] = calls(server.heard);
    expect(call?.call).toEqual({
      method: 'command',
      slot: 'a',
      command: { name: 'create_staff', args: { name: 'Murat', role: 'educator', groups: ['g1', 'g2'] } },
    });
  });

  it('hands files over as they are, and tells how many were looked at', async () => {
    const { open, page } = setUp();
    const server = serve(open(), 's');
    const client = await page('p');
    const file = new File(['12'], 'IMG_1.JPG');
    const progress: number[] = [];
    const set = client.newSet();
    expect(set).toMatch(/^[0-9a-f]{32}$/);
    const adding = client.addMedia('a', { group: 'g' }, set, [{ file, kind: 'picture', alt: '' }], (done) =>
      progress.push(done),
    );
    const [call] = calls(server.heard);
    if (call?.call.method !== 'add_media') throw new Error('nothing was asked');
    const [offered] = call.call.offer.files;
    expect(offered).toMatchObject({ id: expect.stringMatching(/^[0-9a-f]{32}$/) as string, kind: 'picture' });
    expect(await offered?.file.text()).toBe('12');
    server.post({ kind: 'progress', page: 'p', id: call.id, done: 1 });
    server.post({ kind: 'progress', page: 'q', id: call.id, done: 7 });
    server.post({ kind: 'reply', page: 'p', id: call.id, result: { ok: { taken: 1, refused: [] } } });
    expect(await adding).toEqual({ taken: 1, refused: [] });
    expect(progress).toEqual([1]);
  });

  it('has the next worker go on with files that the last one had begun to take, under the same ids', async () => {
    const { open, page } = setUp();
    const first = serve(open(), 's1');
    const client = await page('p');
    const adding = client.addMedia('a', { house: true }, 's', [{ file: new File([], 'x.pdf'), kind: 'file', alt: '' }]);
    first.post({ kind: 'got', server: 's1', page: 'p', id: 1 });
    const next = serve(open(), 's2');
    next.start();
    const ids = calls(first.heard).map(({ call }) => (call.method === 'add_media' ? call.offer.files[0]?.id : ''));
    expect([ids.length, new Set(ids).size, calls(next.heard).length]).toEqual([2, 1, 1]);
    next.post({ kind: 'reply', page: 'p', id: 1, result: { ok: { taken: 1, refused: [] } } });
    expect(await adding).toEqual({ taken: 1, refused: [] });
  });

  it('says that versions are mixed where another build serves and fails, and only there', async () => {
    for (const [build, code] of [
      ['worker-1.js', 'internal'],
      ['worker-2.js', 'app_mixed'],
    ] as const) {
      const { open, page } = setUp();
      const server = serve(open(), 's', [], build);
      const client = await page('p');
      const [faulty, refused] = [client.forget('a'), client.forget('b')];
      server.post({ kind: 'reply', page: 'p', id: 1, result: { error: 'internal' } });
      server.post({ kind: 'reply', page: 'p', id: 2, result: { error: 'not_found' } });
      await expect(faulty).rejects.toEqual(new EngineError(code));
      await expect(refused).rejects.toEqual(new EngineError('not_found'));
    }
  });

  it('does not try again with a module of another version', async () => {
    const { workers, page } = setUp();
    const starting = page('p');
    workers.at(-1)?.say({ kind: 'dead', why: 'app_mixed' });
    await expect(starting).rejects.toEqual(new EngineError('app_mixed'));
    expect(workers.length).toBe(1);
  });

  it('asks for lasting storage once a house is here', async () => {
    const { open, page, persist } = setUp();
    const server = serve(open(), 's');
    const client = await page('p');
    const joining = client.join('K7QX');
    expect(persist).not.toHaveBeenCalled();
    server.post({ kind: 'reply', page: 'p', id: 1, result: { ok: { slot: 'a' } } });
    await joining;
    expect(persist).toHaveBeenCalledTimes(1);
  });
});
