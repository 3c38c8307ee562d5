import { describe, expect, it, vi } from 'vitest';
import { handClock } from '../../testing/fakes';
import { createRelay } from './relay';

type Answer = () => Response | Promise<Response>;

function setUp(answer: Answer) {
  const clock = handClock();
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch = vi.fn((url: string, init: RequestInit) => {
    asked.push({ url, init });
    return new Promise<Response>((resolve, reject) => {
      init.signal?.addEventListener('abort', () => {
        reject(new DOMException('', 'AbortError'));
      });
      Promise.resolve().then(answer).then(resolve, reject);
    });
  });
  const relay = createRelay({
    clock,
    origin: 'https://kita.example',
    fetch: fetch as unknown as typeof globalThis.fetch,
  });
  return { clock, relay, asked };
}
const bytes = (...values: number[]) => new Uint8Array(values);
const headersOf = (init?: RequestInit) => init?.headers as Record<string, string>;

/** A body that comes in these pieces, and breaks after the last one if it is to. */
function stream(pieces: readonly number[][], breaks = false): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      const piece = pieces[at++];
      if (piece) controller.enqueue(bytes(...piece));
      else if (breaks) controller.error(new TypeError('network error'));
      else controller.close();
    },
  });
}

describe('the relay over HTTP', () => {
  it('shows the ticket, keeps nothing in a cache, goes nowhere else', async () => {
    const { relay, asked } = setUp(() => new Response(null, { status: 204 }));
    expect(await relay.put('b10b', 3, bytes(1, 2), 'tick')).toBeUndefined();
    const [{ url, init } = { url: '', init: {} }] = asked;
    expect(url).toBe('https://kita.example/blob/b10b/3');
    expect(init).toMatchObject({ method: 'PUT', cache: 'no-store', credentials: 'omit', redirect: 'error' });
    expect(headersOf(init)['authorization']).toBe('Bearer tick');
  });

  it('says what an answer means, and when to come again', async () => {
    const meanings = [
      [400, 'malformed', 'refused'],
      [401, 'ticket', 'ticket'],
      [404, 'not found', 'absent'],
      [413, 'too large', 'too_large'],
      [422, 'mismatch', 'mismatch'],
      [429, 'busy', 'busy'],
      [502, '<html>', 'network'],
      [507, 'full', 'full'],
      // Not the relay: a proxy without that path, with a lower limit, or with an opinion.
      [404, '<html>', 'network'],
      [413, '<html>', 'network'],
      [403, 'forbidden', 'network'],
    ] as const;
    for (const [status, word, trouble] of meanings) {
      const { relay } = setUp(() => new Response(word, { status }));
      expect(await relay.reserve(bytes(1), 't')).toEqual({ trouble });
    }
    const { relay } = setUp(() => new Response('busy', { status: 429, headers: { 'retry-after': '7' } }));
    expect(await relay.reserve(bytes(1), 't')).toEqual({ trouble: 'busy', afterMs: 7000 });
    const none = setUp(() => Promise.reject(new TypeError('failed to fetch')));
    expect(await none.relay.reserve(bytes(1), 't')).toEqual({ trouble: 'network' });
  });

  it('hands over what came before a line broke, and goes on from there', async () => {
    const got: number[] = [];
    const take = (piece: Uint8Array) => void got.push(...piece);
    const first = setUp(() => new Response(stream([[1, 2], [3]], true), { headers: { 'content-length': '5' } }));
    expect(await first.relay.get('b', 0, 't', take)).toEqual({ trouble: 'network' });
    expect(headersOf(first.asked[0]?.init)['range']).toBeUndefined();
    const second = setUp(
      () =>
        new Response(stream([[4], [5]]), {
          status: 206,
          headers: { 'content-range': 'bytes 3-4/5', 'content-length': '2' },
        }),
    );
    expect(await second.relay.get('b', 3, 't', take)).toBeUndefined();
    expect(headersOf(second.asked[0]?.init)['range']).toBe('bytes=3-');
    expect(got).toEqual([1, 2, 3, 4, 5]);
  });

  it('passes over what it has where a relay sends all, and takes no other range', async () => {
    const got: number[] = [];
    const take = (piece: Uint8Array) => void got.push(...piece);
    const all = setUp(() => new Response(stream([[1, 2], [3, 4], [5]])));
    expect(await all.relay.get('b', 3, 't', take)).toBeUndefined();
    expect(got).toEqual([4, 5]);
    const other = setUp(
      () => new Response(stream([[9]]), { status: 206, headers: { 'content-range': 'bytes 0-0/5' } }),
    );
    expect(await other.relay.get('b', 3, 't', take)).toEqual({ trouble: 'mismatch' });
    expect(got).toEqual([4, 5]);
  });

  it('takes an answer that ends too early for half of one', async () => {
    const { relay } = setUp(() => new Response(stream([[1]]), { headers: { 'content-length': '2' } }));
    expect(await relay.get('b', 0, 't', () => undefined)).toEqual({ trouble: 'network' });
  });

  it('lets nobody wait for ever, and stops when it is told to', async () => {
    const silent = () => new Promise<Response>(() => undefined);
    const { relay, clock } = setUp(silent);
    const reserving = relay.reserve(bytes(1), 't');
    clock.turn(15_000);
    expect(await reserving).toEqual({ trouble: 'network' });
    // A part may take longer.
    const putting = relay.put('b', 0, bytes(1), 't');
    clock.turn(299_999);
    expect(await Promise.race([putting, Promise.resolve('still')])).toBe('still');
    clock.turn(1);
    expect(await putting).toEqual({ trouble: 'network' });
    const ending = new AbortController();
    const stopped = relay.put('b', 0, bytes(1), 't', ending.signal);
    ending.abort();
    expect(await stopped).toEqual({ trouble: 'network' });
  });

  it('hands on what is wrong with the bytes', async () => {
    const { relay } = setUp(() => new Response(stream([[1], [2]])));
    const broken = Object.assign(new Error('broken'), { code: 'broken' });
    const taking = relay.get('b', 0, 't', () => {
      throw broken;
    });
    await expect(taking).rejects.toBe(broken);
  });
});
