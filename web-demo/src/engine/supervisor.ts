/**
 * @file Keeps this tab's engine worker alive: asks it for a sign of life, replaces it when it died or stopped answering. Storage holds
 * everything, so a new worker only has to load. One that dies again and again is left alone.
 */
import type { Clock } from '../platform/clock';
import type { ErrorCode } from './contract';
import type { FromWorker, ToWorker } from './messages';

const pingMs = 5_000;
/** A slow phone that loads a large house is busy for seconds, not for this long. */
const silenceMaxMs = 40_000;
const restartsMax = 3;
/** Restarts further back than this are forgiven. */
const forgiveMs = 60_000;

export type WorkerLike = Pick<Worker, 'postMessage' | 'terminate' | 'addEventListener'>;

export interface SupervisorDep {
  readonly clock: Clock;
  readonly spawn: () => WorkerLike;
  /** Hidden pages are throttled; their silence means nothing. */
  readonly visible: () => boolean;
  /** It died too often, or said why it cannot serve. */
  readonly givenUp: (why: ErrorCode) => void;
}

export interface Supervisor {
  /** Whether our worker is the one that serves all tabs. */
  serving(): boolean;
  /** When the present one was started. */
  startedAt(): number;
  /** Replaces the worker; also after it was given up. */
  restart(): void;
}

export function supervise(dep: SupervisorDep): Supervisor {
  let worker: WorkerLike | undefined;
  let serving = false;
  let heardAt = dep.clock.now();
  let startedAt = heardAt;
  let restarts: number[] = [];

  const start = (): void => {
    serving = false;
    heardAt = startedAt = dep.clock.now();
    const fresh = dep.spawn();
    worker = fresh;
    fresh.addEventListener('message', (event) => {
      if (worker !== fresh) return;
      const message = (event as MessageEvent<FromWorker>).data;
      heardAt = dep.clock.now();
      if (message.kind === 'dead') replace(message.why);
      else serving = message.serving;
    });
    fresh.addEventListener('error', () => {
      if (worker === fresh) replace();
    });
  };
  const replace = (why?: ErrorCode): void => {
    worker?.terminate();
    worker = undefined;
    serving = false;
    const now = dep.clock.now();
    restarts = [...restarts.filter((at) => now - at < forgiveMs), now];
    if (why !== undefined || restarts.length > restartsMax) dep.givenUp(why ?? 'internal');
    else start();
  };
  const ping = (): void => {
    if (!dep.visible()) heardAt = dep.clock.now();
    else if (worker && dep.clock.now() - heardAt > silenceMaxMs) replace();
    worker?.postMessage({ kind: 'ping' } satisfies ToWorker);
    dep.clock.after(pingMs, ping);
  };

  start();
  dep.clock.after(pingMs, ping);
  return {
    serving: () => serving,
    startedAt: () => startedAt,
    restart() {
      restarts = [];
      replace();
    },
  };
}
