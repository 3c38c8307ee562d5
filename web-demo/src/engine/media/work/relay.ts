/**
 * @file Blobs over HTTP, as the relay answers for them. One request each: when to try again is for others to say. Sealed bytes alone go
 * this way, and the browser is told to keep none of them.
 */
import type { Clock } from '../../../platform/clock';
import type { Failed, Trouble } from '../jobs';

/** Nobody answers a small question for this long. */
const answerMaxMs = 15_000;
/** A part takes a while on a bad line: one MiB at 32 kbit/s. */
const partMaxMs = 300_000;
/** Between two pieces of a download. */
const quietMaxMs = 15_000;

export interface RelayDep {
  readonly origin: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
}

export interface Relay {
  /** The relay's answer to `POST /blob`. */
  reserve(body: Uint8Array, ticket: string, signal?: AbortSignal): Promise<Uint8Array | Failed>;
  put(blob: string, part: number, bytes: Uint8Array, ticket: string, signal?: AbortSignal): Promise<Failed | undefined>;
  /** Hands over what follows the first `from` bytes; what was handed over stays good when the line breaks. */
  get(
    blob: string,
    from: number,
    ticket: string,
    take: (bytes: Uint8Array) => void,
    signal?: AbortSignal,
  ): Promise<Failed | undefined>;
}

/** What the answers mean that are not good. */
const troubles: Readonly<Record<number, Trouble>> = {
  401: 'ticket',
  404: 'absent',
  413: 'too_large',
  416: 'mismatch',
  422: 'mismatch',
  429: 'busy',
  500: 'network',
  502: 'network',
  503: 'busy',
  504: 'network',
  507: 'full',
};

/** What the relay says with an answer that is no, so that nobody else's is taken for its. */
const words: Readonly<Record<number, string>> = {
  400: 'malformed',
  401: 'ticket',
  404: 'not found',
  413: 'too large',
  416: 'range',
  422: 'mismatch',
};

export function createRelay(dep: RelayDep): Relay {
  /** One request that ends when `signal` says so or nothing happens for long. `work` may ask for more time. */
  const request = async <T>(
    path: string,
    ticket: string,
    init: RequestInit,
    patienceMs: number,
    signal: AbortSignal | undefined,
    work: (answer: Response, alive: () => void) => Promise<T>,
  ): Promise<T | Failed> => {
    const ending = new AbortController();
    const end = (): void => {
      ending.abort();
    };
    let cancel = dep.clock.after(patienceMs, end);
    const alive = (): void => {
      cancel();
      cancel = dep.clock.after(quietMaxMs, end);
    };
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
    try {
      const answer = await dep.fetch(`${dep.origin}${path}`, {
        ...init,
        headers: { ...(init.headers as Record<string, string> | undefined), authorization: `Bearer ${ticket}` },
        cache: 'no-store',
        credentials: 'omit',
        redirect: 'error',
        signal: ending.signal,
      });
      if (!answer.ok) {
        await answer.body?.cancel().catch(() => undefined);
        return await failure(answer);
      }
      return await work(answer, alive);
    } catch (thrown) {
      // `fetch` and its streams throw these two; anything else is no matter of the network.
      if (thrown instanceof TypeError || isAbort(thrown)) return { trouble: 'network' };
      throw thrown;
    } finally {
      cancel();
      signal?.removeEventListener('abort', end);
    }
  };

  return {
    reserve: (body, ticket, signal) =>
      request(
        '/blob',
        ticket,
        { method: 'POST', body: body as Uint8Array<ArrayBuffer>, headers: { 'content-type': 'application/cbor' } },
        answerMaxMs,
        signal,
        async (answer) => new Uint8Array(await answer.arrayBuffer()),
      ),
    put: (blob, part, bytes, ticket, signal) =>
      request(
        `/blob/${blob}/${part}`,
        ticket,
        {
          method: 'PUT',
          body: bytes as Uint8Array<ArrayBuffer>,
          headers: { 'content-type': 'application/octet-stream' },
        },
        partMaxMs,
        signal,
        () => Promise.resolve(undefined),
      ),
    get: (blob, from, ticket, take, signal) =>
      request(
        `/blob/${blob}`,
        ticket,
        from > 0 ? { headers: { range: `bytes=${from}-` } } : {},
        answerMaxMs,
        signal,
        (answer, alive) => receive(answer, from, take, alive),
      ),
  };
}

async function receive(
  answer: Response,
  from: number,
  take: (bytes: Uint8Array) => void,
  alive: () => void,
): Promise<Failed | undefined> {
  const range = rangeOf(answer);
  if (range !== undefined && range !== from) return { trouble: 'mismatch' };
  // A relay that does not know ranges sends everything: what is here already is passed over.
  let skip = range === undefined ? from : 0;
  const announced = Number(answer.headers.get('content-length') ?? Number.NaN);
  let bytes = 0;
  const reader = answer.body?.getReader();
  if (!reader) return { trouble: 'network' };
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    alive();
    bytes += value.length;
    const fresh = value.subarray(Math.min(skip, value.length));
    skip -= value.length - fresh.length;
    if (fresh.length === 0) continue;
    try {
      take(fresh);
    } catch (thrown) {
      await reader.cancel().catch(() => undefined);
      throw thrown;
    }
  }
  return Number.isNaN(announced) || bytes >= announced ? undefined : { trouble: 'network' };
}

/** Where a partial answer begins. */
function rangeOf(answer: Response): number | undefined {
  if (answer.status !== 206) return undefined;
  return Number(/^bytes (\d+)-/.exec(answer.headers.get('content-range') ?? '')?.[1] ?? Number.NaN);
}

async function failure(answer: Response): Promise<Failed> {
  const word = words[answer.status];
  // Something between here and the relay has answered: what it says of a blob means nothing, and must cost nobody a picture.
  const foreign =
    answer.status < 500 && answer.status !== 429 && (word === undefined || (await answer.text()) !== word);
  const trouble = foreign ? 'network' : (troubles[answer.status] ?? 'refused');
  const seconds = Number(answer.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? { trouble, afterMs: seconds * 1000 } : { trouble };
}

function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === 'AbortError';
}
