/**
 * @file A line to the relay that comes back by itself: pauses grow from half a second to half a minute, each shortened by chance so
 * that a Kita's tablets do not return all at once after a power cut.
 */
import type { Clock } from './clock';

const pauseFirstMs = 500;
const pauseMaxMs = 30_000;
/** A relay that accepts and then says nothing is as good as none. */
const connectMaxMs = 15_000;

/** What is needed of a WebSocket. */
export type SocketLike = Pick<WebSocket, 'send' | 'close' | 'binaryType' | 'addEventListener'>;
export type Connect = (url: string) => SocketLike;
export const webSocket: Connect = (url) => new WebSocket(url);

export interface LineEvents {
  up(): void;
  frame(bytes: Uint8Array): void;
  down(): void;
}

export interface Line {
  /** Sends one binary frame; without a line it is lost, and the engine repeats it after the next login. */
  send(bytes: Uint8Array<ArrayBuffer>): void;
  /** Closes and connects again after a pause. `down` follows. */
  drop(): void;
  /** Connects now instead of at the end of the pause. */
  hurry(): void;
  /** It works: the next pause begins small again. */
  settled(): void;
  /** Closes for good; nothing is called any more. */
  stop(): void;
}

/** Address of the relay's WebSocket for the origin it serves. */
export function relayUrl(origin: string): string {
  return `${origin.replace(/^http/, 'ws')}/ws`;
}

export function createLine(
  dep: { readonly clock: Clock; readonly connect: Connect },
  url: string,
  events: LineEvents,
): Line {
  let socket: SocketLike | undefined;
  let open = false;
  let attempts = 0;
  let stopped = false;
  let cancelTimer = (): void => undefined;

  const start = (): void => {
    cancelTimer();
    const fresh = dep.connect(url);
    socket = fresh;
    fresh.binaryType = 'arraybuffer';
    const ours = (work: () => void) => () => {
      if (socket === fresh) work();
    };
    cancelTimer = dep.clock.after(connectMaxMs, ours(lost));
    fresh.addEventListener(
      'open',
      ours(() => {
        cancelTimer();
        open = true;
        events.up();
      }),
    );
    fresh.addEventListener('message', (event) => {
      if (socket === fresh && event.data instanceof ArrayBuffer) events.frame(new Uint8Array(event.data));
    });
    fresh.addEventListener('close', ours(lost));
    fresh.addEventListener('error', ours(lost));
  };

  const lost = (): void => {
    const wasOpen = open;
    socket?.close();
    socket = undefined;
    open = false;
    cancelTimer();
    if (stopped) return;
    const pause = Math.min(pauseMaxMs, pauseFirstMs * 2 ** attempts);
    attempts += 1;
    cancelTimer = dep.clock.after(pause / 2 + (pause / 2) * dep.clock.chance(), start);
    if (wasOpen) events.down();
  };

  start();
  return {
    send(bytes) {
      if (open) socket?.send(bytes);
    },
    drop: lost,
    hurry() {
      if (socket === undefined && !stopped) start();
    },
    settled: () => (attempts = 0),
    stop() {
      stopped = true;
      lost();
    },
  };
}
