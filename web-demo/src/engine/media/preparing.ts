/**
 * @file Prepares what was kept, one picture at a time, whether or not there is a network and whether or not sending is paused. Those that
 * somebody looks at go first.
 */
import type { Clock } from '../../platform/clock';
import { EngineError, type MediaFault } from '../contract';
import type { HostCommands, TransferEdge } from '../edge';
import type { Slot } from '../slot';
import type { Prepared } from './jobs';
import type { Lane } from './lane';
import type { MediaWorker } from './remote';

/** Pauses after an attempt that failed for no fault of the picture; afterwards it is set aside. */
const pausesMs = [10_000, 60_000, 300_000] as const;
/** In the lane: with files that are being taken in, in turn; after them. */
const rankWanted = 1;
const rankIdle = 2;

export type PreparingSlot = Pick<Slot, 'id' | 'house' | 'transfers' | 'media' | 'command'>;

export interface PreparingDep {
  readonly clock: Clock;
  readonly worker: MediaWorker;
  /** Whatever decodes or deletes, one after the other. */
  readonly local: Lane;
  readonly slots: () => Iterable<PreparingSlot>;
}

export interface Preparing {
  /** There may be something to prepare. */
  look(): void;
  /** Somebody wants to see this one. Resolves when it was tried, or is not kept any more. */
  hurry(slot: string, id: string): Promise<void>;
  forget(slot: string): void;
}

interface Task {
  readonly name: string;
  readonly slot: PreparingSlot;
  readonly row: TransferEdge & { readonly original: NonNullable<TransferEdge['original']> };
}

export function createPreparing(dep: PreparingDep): Preparing {
  const wanted = new Map<string, (() => void)[]>();
  const trials = new Map<string, { readonly tries: number; readonly at: number }>();
  const queued = new Set<number>();
  let cancelTimer = (): void => undefined;

  const tasks = function* (): Generator<Task> {
    for (const slot of dep.slots()) {
      if (slot.house().media.queued === 0) continue;
      for (const row of slot.transfers()) {
        const { original } = row;
        if (row.stage === 'kept' && original) yield { name: nameOf(slot.id, row.id), slot, row: { ...row, original } };
      }
    }
  };
  const settle = (name: string): void => {
    const told = wanted.get(name) ?? [];
    wanted.delete(name);
    for (const tell of told) tell();
  };

  const look = (): void => {
    cancelTimer();
    const all = [...tasks()];
    const names = new Set(all.map(({ name }) => name));
    for (const name of [...wanted.keys()]) if (!names.has(name)) settle(name);
    for (const name of [...trials.keys()]) if (!names.has(name)) trials.delete(name);
    const now = dep.clock.now();
    const due = all.filter(({ name }) => (trials.get(name)?.at ?? 0) <= now);
    if (due.some(({ name }) => wanted.has(name))) enqueue(rankWanted);
    else if (due.length > 0) enqueue(rankIdle);
    const later = [...trials.values()].map(({ at }) => at).filter((at) => at > now);
    if (later.length > 0) cancelTimer = dep.clock.after(Math.min(...later) - now, look);
  };
  const enqueue = (rank: number): void => {
    if (queued.has(rank)) return;
    queued.add(rank);
    void dep.local
      .run(rank, async () => {
        queued.delete(rank);
        const now = dep.clock.now();
        const due = [...tasks()].filter(({ name }) => (trials.get(name)?.at ?? 0) <= now);
        const task = due.find(({ name }) => wanted.has(name)) ?? due[0];
        if (task) await carryOut(task);
      })
      .then(look);
  };

  const carryOut = async ({ name, slot, row }: Task): Promise<void> => {
    const { id, kind, original } = row;
    try {
      const outcome = await dep.worker.ask('prepare', { slot: slot.id, id, kind, original });
      await ('fault' in outcome ? fail(slot, id, outcome.fault) : ready(dep.worker, slot, id, outcome.prepared));
      trials.delete(name);
    } catch (thrown) {
      await later(name, slot, id, thrown);
    }
    settle(name);
  };
  const later = async (name: string, slot: PreparingSlot, id: string, thrown: unknown): Promise<void> => {
    const tries = trials.get(name)?.tries ?? 0;
    const pause = pausesMs[tries];
    trials.set(name, { tries: tries + 1, at: dep.clock.now() + (pause ?? pausesMs[0]) });
    if (pause !== undefined) return;
    const full = thrown instanceof EngineError && thrown.code === 'storage_full';
    // Whoever removed it meanwhile, or lost the house, needs no answer.
    await fail(slot, id, full ? 'storage_full' : 'refused').catch(() => undefined);
  };
  const fail = async (slot: PreparingSlot, id: string, fault: MediaFault): Promise<void> => {
    const args = { id, fault } satisfies HostCommands['media_failed']['args'];
    await slot.command({ name: 'media_failed', args });
    // What may be tried again stays.
    if (slot.transfers().some((row) => row.id === id && row.original)) return;
    await dep.worker.ask('drop', { slot: slot.id, original: id, blobs: [] });
  };

  return {
    look,
    hurry: (slot, id) =>
      new Promise((resolve) => {
        const name = nameOf(slot, id);
        wanted.set(name, [...(wanted.get(name) ?? []), resolve]);
        look();
      }),
    forget(slot) {
      for (const name of [...wanted.keys()]) if (name.startsWith(`${slot}/`)) settle(name);
      for (const name of [...trials.keys()]) if (name.startsWith(`${slot}/`)) trials.delete(name);
    },
  };
}

/** Notes that it is prepared, and lets go of the original; of what was prepared too, if somebody has removed it meanwhile. */
export async function ready(
  worker: MediaWorker,
  slot: Pick<Slot, 'id' | 'command' | 'media'>,
  id: string,
  prepared: Prepared,
): Promise<void> {
  const { full, thumb } = prepared;
  const args = { id, ...prepared } satisfies HostCommands['media_ready']['args'];
  await slot.command({ name: 'media_ready', args });
  const unwanted = slot.media(id) ? [] : [full, ...(thumb ? [thumb] : [])];
  await worker.ask('drop', { slot: slot.id, original: id, blobs: unwanted.map((blob) => blob.id) });
}

function nameOf(slot: string, id: string): string {
  return `${slot}/${id}`;
}
