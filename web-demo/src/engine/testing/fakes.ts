/** @file A clock that tests turn by hand, a socket that tests play the relay of, and a channel between pages in one process. */
import type { Clock } from '../../platform/clock';
import type { SocketLike } from '../../platform/socket';
import type { Channel } from '../messages';

export interface HandClock extends Clock {
  /** Lets time pass and runs what falls due, in order. */
  turn(ms: number): void;
}

export function handClock(start = 1_795_543_200_000): HandClock {
  let now = start;
  let timers: { at: number; work: () => void }[] = [];
  return {
    now: () => now,
    chance: () => 0.5,
    after(ms, work) {
      const timer = { at: now + ms, work };
      timers.push(timer);
      return () => (timers = timers.filter((one) => one !== timer));
    },
    turn(ms) {
      const end = now + ms;
      for (;;) {
        const due = timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        timers = timers.filter((timer) => timer !== due);
        now = due.at;
        due.work();
      }
      now = end;
    },
  };
}

export class FakeSocket extends EventTarget implements SocketLike {
  binaryType: BinaryType = 'blob';
  readonly sent: Uint8Array[] = [];
  constructor(readonly url: string) {
    super();
  }
  send(bytes: unknown): void {
    this.sent.push(bytes as Uint8Array);
  }
  close(): void {}
  open(): void {
    this.dispatchEvent(new Event('open'));
  }
  receive(...bytes: number[]): void {
    this.dispatchEvent(new MessageEvent('message', { data: new Uint8Array(bytes).buffer }));
  }
  lose(): void {
    this.dispatchEvent(new Event('close'));
  }
}

/** Sockets in the order in which they were asked for. */
export function fakeSockets(): {
  readonly made: FakeSocket[];
  readonly connect: (url: string) => FakeSocket;
  last(): FakeSocket;
} {
  const made: FakeSocket[] = [];
  return {
    made,
    connect(url) {
      const socket = new FakeSocket(url);
      made.push(socket);
      return socket;
    },
    last() {
      const socket = made.at(-1);
      if (!socket) throw new Error('nobody has connected');
      return socket;
    },
  };
}

/** As the browser clones a message. Files of this test environment cannot be cloned: they go as they are. */
function cloned(value: unknown): unknown {
  const parts = typeof value === 'object' && value !== null ? Object.entries(value as Record<string, unknown>) : [];
  if (value instanceof Blob) return value;
  if (!parts.some(([, part]) => holdsFile(part))) return structuredClone(value);
  const copies = parts.map(([name, part]) => [name, cloned(part)] as const);
  return Array.isArray(value) ? copies.map(([, copy]) => copy) : Object.fromEntries(copies);
}
function holdsFile(value: unknown): boolean {
  if (value instanceof Blob) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsFile);
}

/** Every channel hears what the others post, at once and as a copy. */
export function fakeChannels(): () => Channel {
  const all = new Set<EventTarget>();
  return () => {
    const target = new EventTarget();
    all.add(target);
    return {
      addEventListener: target.addEventListener.bind(target) as Channel['addEventListener'],
      postMessage(message: unknown) {
        const data: unknown = cloned(message);
        for (const other of all) if (other !== target) other.dispatchEvent(new MessageEvent('message', { data }));
      },
      close: () => void all.delete(target),
    };
  };
}
