/**
 * @file What pages and the one engine worker of this origin say to each other, and the calls built on it.
 *
 * Every tab starts a worker; the one that holds the lock serves all tabs over a `BroadcastChannel`, its own tab too, so that there is
 * one way and not two. When its tab dies, the next worker gets the lock and says `state` under a new `server`: pages ask
 * their queries again, and what the old worker never got; a command that it got and did not answer fails, since nobody knows whether it
 * was carried out.
 */
import { EngineError, type ErrorCode, type House, type OutsideWords } from './contract';
import type { FoundArgs, Named } from './edge';
import type { Offer } from './media/adding';

export type Call =
  | { readonly method: 'query'; readonly slot: string; readonly query: Named }
  | { readonly method: 'command'; readonly slot: string; readonly command: Named }
  | { readonly method: 'found'; readonly args: FoundArgs }
  | { readonly method: 'open_invite'; readonly code: string }
  | { readonly method: 'check_code'; readonly code: string }
  | { readonly method: 'join'; readonly code: string }
  | { readonly method: 'unfold_sheet'; readonly house: string; readonly code: string }
  | { readonly method: 'write_outside'; readonly link: string; readonly words: OutsideWords }
  | {
      readonly method: 'recover';
      readonly house: string;
      readonly code: string;
      readonly person: string;
      readonly endOthers: boolean;
    }
  | { readonly method: 'replace_sheet'; readonly house: string; readonly code: string; readonly next: string }
  /** Answered with `progress`, then with the reply. */
  | { readonly method: 'add_media'; readonly slot: string; readonly offer: Offer }
  | { readonly method: 'picture'; readonly slot: string; readonly id: string; readonly size: 'thumb' | 'full' }
  | { readonly method: 'file'; readonly slot: string; readonly id: string }
  | {
      readonly method: 'join_pin';
      readonly slot: string;
      readonly code: string;
      readonly person: string;
      readonly pin: string;
    }
  | { readonly method: 'unlock'; readonly slot: string; readonly person: string; readonly pin: string }
  | { readonly method: 'lock' | 'touch'; readonly slot: string }
  | { readonly method: 'set_pin'; readonly slot: string; readonly person: string; readonly pin: string | null }
  | { readonly method: 'forget'; readonly slot: string };

/** From a page to whichever worker serves. */
export type ToEngine =
  | { readonly kind: 'call'; readonly page: string; readonly id: number; readonly call: Call }
  /** Is anybody there? Answered with `state`. */
  | { readonly kind: 'hello' }
  /** A page came back to view, or the network did. */
  | { readonly kind: 'wake'; readonly sleptMs: number };

export type Result = { readonly ok: unknown } | { readonly error: ErrorCode };

/** From the serving worker to all pages. */
export type FromEngine =
  /** `build`: of which build of the app the worker is. */
  | { readonly kind: 'state'; readonly server: string; readonly build: string; readonly houses: readonly House[] }
  | { readonly kind: 'changed'; readonly slot: string }
  /** So many of the files of a call are safe here, or refused. */
  | { readonly kind: 'progress'; readonly page: string; readonly id: number; readonly done: number }
  /** A call has arrived and is about to be carried out. */
  | { readonly kind: 'got'; readonly server: string; readonly page: string; readonly id: number }
  | { readonly kind: 'reply'; readonly page: string; readonly id: number; readonly result: Result };

/** Between a page and the worker it started. */
export type ToWorker = { readonly kind: 'ping' };
export type FromWorker =
  /** `serving`: it holds the lock. */
  | { readonly kind: 'pong'; readonly serving: boolean }
  /** The module is dead, or it could not be loaded. `why`: there is no sense in trying again. */
  | { readonly kind: 'dead'; readonly why?: ErrorCode };

/** What is needed of a `BroadcastChannel`. */
export type Channel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;
export const channelName = 'nestpost';

/** The build that a worker's script belongs to: its file name carries a hash of everything in it. */
export function buildOf(workerAddress: string): string {
  return workerAddress.split('/').at(-1) ?? '';
}

/** A copy without proxies: a screen's reactive list cannot be cloned across to the worker. */
function plain<T>(value: T): T {
  if (Array.isArray(value)) return value.map(plain) as T;
  // Files go as they are: the browser hands over what they stand for, and not their bytes.
  if (typeof value !== 'object' || value === null || value instanceof Blob) return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field as unknown)])) as T;
}

/** Whether asking twice does no harm. */
export function isRepeatable(call: Call): boolean {
  return ['query', 'check_code', 'open_invite', 'unfold_sheet', 'picture', 'file'].includes(call.method);
}

/** Whether another worker may go on with what this one has begun: files carry ids, and those that were taken are known by them. */
function isResumable(call: Call): boolean {
  return isRepeatable(call) || call.method === 'add_media';
}

export interface Caller {
  call(call: Call, onProgress?: (done: number) => void): Promise<unknown>;
  /** A new worker serves. */
  takeOver(server: string): void;
  /** Nobody answers. */
  fail(code: ErrorCode): void;
  pending(): number;
  /** One of our calls has arrived. */
  got(message: Extract<FromEngine, { kind: 'got' }>): void;
  /** One of our calls is under way. */
  progress(message: Extract<FromEngine, { kind: 'progress' }>): void;
  /** Takes the answer to one of our calls. */
  reply(message: Extract<FromEngine, { kind: 'reply' }>): void;
}

export function createCaller(channel: Channel, page: string): Caller {
  const pending = new Map<
    number,
    {
      call: Call;
      gotBy?: string;
      onProgress?: ((done: number) => void) | undefined;
      resolve: (value: unknown) => void;
      reject: (error: EngineError) => void;
    }
  >();
  let nextId = 1;
  const post = (id: number, call: Call): void => {
    channel.postMessage({ kind: 'call', page, id, call: plain(call) } satisfies ToEngine);
  };
  const settle = (id: number, result: Result): void => {
    const waiting = pending.get(id);
    pending.delete(id);
    if ('ok' in result) waiting?.resolve(result.ok);
    else waiting?.reject(new EngineError(result.error));
  };
  return {
    call: (call, onProgress) =>
      new Promise((resolve, reject) => {
        const id = nextId++;
        pending.set(id, { call, onProgress, resolve, reject });
        post(id, call);
      }),
    takeOver(server) {
      for (const [id, { call, gotBy }] of [...pending]) {
        if (gotBy === server) continue;
        if (gotBy === undefined || isResumable(call)) post(id, call);
        else settle(id, { error: 'internal' });
      }
    },
    fail(code) {
      for (const id of [...pending.keys()]) settle(id, { error: code });
    },
    pending: () => pending.size,
    got(message) {
      const waiting = message.page === page ? pending.get(message.id) : undefined;
      if (waiting) waiting.gotBy = message.server;
    },
    progress(message) {
      if (message.page === page) pending.get(message.id)?.onProgress?.(message.done);
    },
    reply(message) {
      if (message.page === page) settle(message.id, message.result);
    },
  };
}
