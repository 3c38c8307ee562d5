/**
 * @file A line to the relay that comes back by itself: pauses grow from half a second to half a minute, each shortened by chance so
 * that a Kita's tablets do not return all at once after a power cut.
 */
import type { Clock } from './clock';

const pauseFirstMs = 500;
const pauseMaxMs = 30_000;
/** A relay that accepts and then says nothing is as good as none. */
const connectMaxMs = 15_000;
/** Nor is one that falls silent before it works: a slow network needs a while for a large frame. */
const quietMaxMs = 45_000;

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

/** What came, as bytes. A relay sends no text: whatever it is, the engine will find that it makes no sense. */
export function bytesOf(event: Event): Uint8Array {
  const data: unknown = (event as MessageEvent<unknown>).data;
  return data instanceof ArrayBuffer ? new Uint8Array(data) : new TextEncoder().encode(String(data));
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
  let settled = false;
  let cancelTimer = (): void => undefined;

  /** Until it works, something has to come again and again. */
  const expectNews = (): void => {
    cancelTimer();
    cancelTimer = dep.clock.after(quietMaxMs, lost);
  };

  const start = (): void => {
    cancelTimer();
    settled = false;
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
        open = true;
        expectNews();
        events.up();
      }),
    );
    fresh.addEventListener('message', (event) => {
      if (socket !== fresh) return;
      if (!settled) expectNews();
      events.frame(bytesOf(event));
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
    settled() {
      if (!open || settled) return;
      settled = true;
      attempts = 0;
      cancelTimer();
    },
    stop() {
      stopped = true;
      lost();
    },
  };
}
