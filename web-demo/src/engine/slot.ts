/**
 * @file Drives the engine of one house: feeds it what happens, performs what it asks for, in the order it asks. The engine sends
 * nothing that is not stored, because it hands it out only after `stored`.
 */
import type { Clock } from '../platform/clock';
import { createLine, relayUrl, type Connect, type Line } from '../platform/socket';
import type { SlotStorage } from '../platform/storage';
import { EngineError, type ErrorCode, type House } from './contract';
import {
  callOf,
  type EngineEdge,
  type Input,
  type MediaIndexed,
  type MediaRefs,
  type Named,
  type Output,
  type TransferEdge,
} from './edge';

/** Duties and expiry are looked at this often even when nothing happens. */
const tickMaxMs = 10 * 60_000;
/** A line that slept longer than this is not trusted: networks drop it without a word. */
const sleepMaxMs = 30_000;

export interface SlotDep {
  readonly clock: Clock;
  readonly connect: Connect;
  readonly origin: string;
  /** What views show may have changed. */
  readonly changed: (slot: string) => void;
  /** The header may have changed. */
  readonly published: () => void;
  /** The device did not store what the engine holds: a new engine has to be built from what is stored. */
  readonly lost: (slot: string) => void;
  /** A ticket for blobs has come. */
  readonly ticket: (slot: string, bytes: Uint8Array) => void;
  /** The module is dead: nothing that runs on it can go on. */
  readonly fatal: (thrown: unknown) => void;
}

export interface Slot {
  readonly id: string;
  house(): House;
  /** Why founding or joining ended. */
  failed(): ErrorCode | undefined;
  /** Hex, once there is one. */
  houseId(): string | undefined;
  query(query: Named): unknown;
  /** Resolves when it is stored on this device. */
  command(command: Named): Promise<unknown>;
  /** Pictures and files that the relay does not have, in the order of sending. */
  transfers(): readonly TransferEdge[];
  /** What a picture or file consists of; `undefined` where there is none (any more). */
  media(item: string): MediaRefs | undefined;
  /** All pictures and files that this person may see, newest first. */
  mediaIndex(): readonly MediaIndexed[];
  /** Asks for a ticket; it comes when the house is online. */
  wantTicket(): void;
  /** The device woke up, or the network came back, after `sleptMs`. */
  wake(sleptMs: number): void;
  /** Resolves when `reached` holds of the house; rejects with `offline` after `patienceMs`, or with the reason why it never will. */
  until(reached: (house: House) => boolean, patienceMs: number): Promise<House>;
  stop(): Promise<void>;
}

export function createSlot(dep: SlotDep, id: string, engine: EngineEdge, storage: SlotStorage): Slot {
  const answers = new Map<number, { resolve: (value: unknown) => void; reject: (error: EngineError) => void }>();
  const watchers = new Set<() => void>();
  const queue: Input[] = [];
  let busy = false;
  let stopped = false;
  let freed = false;
  let over = false;
  /** Why the device did not store; nothing goes on from then. */
  let refused: ErrorCode | undefined;
  let nextCommand = 1;
  let cancelTick = (): void => undefined;
  let summary = engine.summary();

  const feed = (input: Input): void => {
    queue.push(input);
    if (busy) return;
    busy = true;
    for (let next = queue.shift(); next !== undefined && !stopped; next = queue.shift()) step(next);
    busy = false;
    publish();
  };

  const step = (input: Input): void => {
    let outputs: readonly Output[];
    try {
      outputs = engine.handle(dep.clock.now(), input);
    } catch (thrown) {
      const error = refusalOf(thrown);
      if (typeof input === 'object' && 'command' in input && error) settle(input.command.id, { error: error.code });
      else die(thrown);
      return;
    }
    for (const output of outputs) perform(output);
  };

  const perform = (output: Output): void => {
    switch (output.type) {
      case 'store':
        void store(output.id, output.writes);
        break;
      case 'send':
        line.send(output.bytes as Uint8Array<ArrayBuffer>);
        break;
      case 'close':
        line.drop();
        break;
      case 'restart':
        halt('offline');
        dep.lost(id);
        break;
      case 'done':
        settle(output.id, output.result);
        break;
      case 'changed':
        dep.changed(id);
        break;
      case 'ticket':
        dep.ticket(id, output.bytes);
        break;
      case 'idle':
        schedule(output.until);
        break;
      default:
        output satisfies never;
    }
  };

  const store = async (transaction: number, writes: Extract<Output, { type: 'store' }>['writes']): Promise<void> => {
    try {
      await storage.write(writes);
    } catch (thrown) {
      lose(refusalOf(thrown)?.code ?? 'storage_refused');
      return;
    }
    feed({ stored: { id: transaction } });
  };

  const settle = (command: number, result: { readonly ok: unknown } | { readonly error: string }): void => {
    const answer = answers.get(command);
    answers.delete(command);
    if ('ok' in result) answer?.resolve(result.ok);
    else answer?.reject(new EngineError(result.error as ErrorCode));
  };

  const schedule = (until: number | null): void => {
    cancelTick();
    const wait = until === null ? tickMaxMs : Math.min(tickMaxMs, Math.max(0, until - dep.clock.now()));
    cancelTick = dep.clock.after(wait, () => {
      feed('tick');
    });
  };

  const publish = (): void => {
    if (stopped) return;
    summary = engine.summary();
    if (!over && summary.stage === 'ended' && engine.house() === undefined) {
      // It has emptied itself, and does not know any more whom to ask.
      over = true;
      line.stop();
      feed('link_down');
      return;
    }
    if (summary.link === 'online') line.settled();
    dep.published();
    for (const watcher of [...watchers]) watcher();
  };

  const halt = (why: ErrorCode): void => {
    stopped = true;
    cancelTick();
    line.stop();
    for (const { reject } of answers.values()) reject(new EngineError(why));
    answers.clear();
  };
  const die = (thrown: unknown): void => {
    halt('internal');
    dep.fatal(thrown);
  };
  /** What is here and not on the device must be neither sent nor built upon: not sent twice either, when it is tried again. */
  const lose = (why: ErrorCode): void => {
    if (stopped) return;
    refused = why;
    halt(why);
    dep.published();
    for (const watcher of [...watchers]) watcher();
    dep.lost(id);
  };

  const ask = <T>(work: () => T): T => {
    if (freed) throw new EngineError('not_found');
    try {
      return work();
    } catch (thrown) {
      const error = refusalOf(thrown);
      if (!error) die(thrown);
      throw error ?? new EngineError('internal');
    }
  };

  const line: Line = createLine(dep, relayUrl(dep.origin), {
    up: () => {
      feed('link_up');
    },
    frame: (bytes) => {
      feed({ received: { bytes } });
    },
    down: () => {
      feed('link_down');
    },
  });
  feed('tick');

  return {
    id,
    house() {
      if (refused === undefined) return { slot: id, ...summary };
      const code = refused === 'storage_full' ? refused : 'storage_refused';
      return { slot: id, ...summary, link: 'offline', alarms: [...summary.alarms, { code }] };
    },
    failed: () => summary.failed as ErrorCode | undefined,
    houseId: () => engine.house(),
    query: (query) => ask(() => engine.query(dep.clock.now(), callOf(query))),
    transfers: () => ask(() => engine.transfers()),
    media: (item) => ask(() => engine.media(item) ?? undefined),
    mediaIndex: () => ask(() => engine.mediaIndex()),
    wantTicket() {
      if (!stopped) feed('ticket_wanted');
    },
    command(command) {
      const number = nextCommand++;
      if (stopped) return Promise.reject(new EngineError(refused ?? 'internal'));
      return new Promise((resolve, reject) => {
        answers.set(number, { resolve, reject });
        feed({ command: { id: number, command: callOf(command) } });
        // Whoever asks for it does not wait for the next attempt at a line.
        if (command.name === 'retry_unsent') line.hurry();
      });
    },
    wake(sleptMs) {
      if (stopped) return;
      if (sleptMs > sleepMaxMs) line.drop();
      line.hurry();
      feed('tick');
    },
    until(reached, patienceMs) {
      return new Promise((resolve, reject) => {
        const end = (): void => {
          cancel();
          watchers.delete(look);
        };
        const look = (): void => {
          const failed = refused ?? (summary.failed as ErrorCode | undefined);
          if (failed) {
            end();
            reject(new EngineError(failed));
          } else if (reached(this.house())) {
            end();
            resolve(this.house());
          }
        };
        const cancel = dep.clock.after(patienceMs, () => {
          end();
          reject(new EngineError('offline'));
        });
        watchers.add(look);
        look();
      });
    },
    async stop() {
      if (freed) return;
      freed = true;
      halt('not_found');
      engine.free();
      await storage.close();
    },
  };
}

/** The engine's and the platform's refusals carry a code; whatever else is thrown by WASM means that it is dead. */
export function refusalOf(thrown: unknown): EngineError | undefined {
  if (thrown instanceof EngineError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' ? new EngineError(code as ErrorCode) : undefined;
}
