/**
 * @file The media worker as the engine's worker sees it: started when it is first needed, replaced when it dies or falls silent. Its jobs
 * are asked again of the next one; a job over which it died too often is given up, and everything else goes on.
 */
import type { Clock } from '../../platform/clock';
import { EngineError, type ErrorCode } from '../contract';
import type { WorkerLike } from '../supervisor';
import type { FromMedia, Job, JobName, Jobs, ToMedia } from './jobs';

/** A phone that decodes a large picture is busy for seconds, not for this long. */
const silenceMaxMs = 120_000;
/** Deaths that a job survives. Decoding is what kills; others were standing by. */
const deathsMax: Readonly<Partial<Record<JobName, number>>> = { take: 2, prepare: 2 };
const bystanderDeathsMax = 6;
/** A worker that ends as soon as it begins is not started again before this. */
const restPauseMs = 60_000;
const barrenMax = 3;

export interface RemoteDep {
  readonly clock: Clock;
  readonly spawn: () => WorkerLike;
}

export interface MediaWorker {
  /**
   * Throws `EngineError`: what the device refuses, `internal`, or, for `take` and `prepare`, answers with the fault `undecodable` when the
   * worker died over it. After `signal` nobody is told anything.
   */
  ask<K extends JobName>(name: K, args: Jobs[K]['args'], signal?: AbortSignal): Promise<Jobs[K]['result']>;
}

interface Waiting {
  readonly job: Job;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: EngineError) => void;
  deaths: number;
  cancelWatch: () => void;
}

export function createMediaWorker(dep: RemoteDep): MediaWorker {
  const waiting = new Map<number, Waiting>();
  let worker: WorkerLike | undefined;
  let nextId = 1;
  /** Deaths since it last did something. */
  let barren = 0;
  let restUntil = 0;

  const start = (): WorkerLike => {
    const fresh = dep.spawn();
    worker = fresh;
    fresh.addEventListener('message', (event) => {
      if (worker !== fresh) return;
      take((event as MessageEvent<FromMedia>).data);
    });
    fresh.addEventListener('error', (event) => {
      // Otherwise it counts as an error of this worker, and the page would replace that.
      event.preventDefault();
      if (worker === fresh) died();
    });
    return fresh;
  };
  const take = (message: FromMedia): void => {
    switch (message.kind) {
      case 'done':
        barren = 0;
        settle(message.id)?.resolve(message.result);
        break;
      case 'failed':
        barren = 0;
        settle(message.id)?.reject(new EngineError(message.error));
        break;
      case 'dead':
        died();
        break;
      default:
        message satisfies never;
    }
  };
  const settle = (id: number): Waiting | undefined => {
    const one = waiting.get(id);
    waiting.delete(id);
    one?.cancelWatch();
    return one;
  };
  const died = (): void => {
    worker?.terminate();
    worker = undefined;
    barren += 1;
    for (const [id, one] of [...waiting]) {
      one.deaths += 1;
      if (one.deaths >= (deathsMax[one.job.name] ?? bystanderDeathsMax)) giveUp(id);
    }
    if (barren >= barrenMax) {
      // Not of one job: it cannot be started at all.
      barren = 0;
      restUntil = dep.clock.now() + restPauseMs;
      for (const id of [...waiting.keys()]) settle(id)?.reject(new EngineError('internal'));
    }
    for (const [id, one] of waiting) post(id, one);
  };
  const giveUp = (id: number): void => {
    const one = settle(id);
    if (!one) return;
    // The worker lives and dies with one job at a time that decodes: it was this one.
    barren = 0;
    if (one.job.name === 'take' || one.job.name === 'prepare') one.resolve({ fault: 'undecodable' });
    else one.reject(new EngineError('internal'));
  };
  const post = (id: number, one: Waiting): void => {
    one.cancelWatch();
    if (one.job.name in deathsMax)
      one.cancelWatch = dep.clock.after(silenceMaxMs, () => {
        if (waiting.has(id)) died();
      });
    let target: WorkerLike;
    try {
      target = worker ?? start();
    } catch {
      // A browser that starts no worker from a worker.
      died();
      return;
    }
    target.postMessage({ kind: 'job', id, job: one.job } satisfies ToMedia);
  };

  return {
    ask<K extends JobName>(name: K, args: Jobs[K]['args'], signal?: AbortSignal) {
      return new Promise<Jobs[K]['result']>((resolve, reject) => {
        const refuse = (code: ErrorCode): void => {
          reject(new EngineError(code));
        };
        if (dep.clock.now() < restUntil || signal?.aborted) {
          refuse('internal');
          return;
        }
        const id = nextId++;
        const one: Waiting = {
          job: { name, args } as unknown as Job,
          resolve: resolve as (result: unknown) => void,
          reject,
          deaths: 0,
          cancelWatch: () => undefined,
        };
        waiting.set(id, one);
        signal?.addEventListener('abort', () => {
          if (!settle(id)) return;
          worker?.postMessage({ kind: 'cancel', id } satisfies ToMedia);
          refuse('internal');
        });
        post(id, one);
      });
    },
  };
}
