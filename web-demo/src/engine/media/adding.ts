/**
 * @file Takes in what somebody chose, one file at a time: each is looked at and kept by the media worker, then noted by the engine, a few
 * at once. Only then it counts as taken. The page draws the ids: when the window that serves dies in between, the page asks the next one
 * for the same, and what was taken is not taken twice.
 */
import type { Clock } from '../../platform/clock';
import { EngineError, type MediaFault, type MediaTarget, type Taken } from '../contract';
import type { HostCommands, MediaKind } from '../edge';
import type { Slot } from '../slot';
import type { Lane } from './lane';
import { ready } from './preparing';
import type { MediaWorker } from './remote';

/** Noted in one go, and after this time at the latest. */
const batchMax = 20;
const batchMs = 500;
/** In the lane: in turn with pictures that somebody wants to see. */
const rankTake = 1;
const nameLengthMax = 120;
const endingLengthMax = 10;

/** A chosen file on its way from the page. */
export interface OfferedFile {
  readonly id: string;
  readonly kind: MediaKind;
  readonly alt: string;
  readonly file: File;
}
export interface Offer {
  readonly to: MediaTarget;
  readonly set: string;
  readonly files: readonly OfferedFile[];
}

export type AddingSlot = Pick<Slot, 'id' | 'house' | 'transfers' | 'media' | 'command'>;

export interface AddingDep {
  readonly clock: Clock;
  readonly worker: MediaWorker;
  readonly local: Lane;
  readonly slot: (id: string) => AddingSlot | undefined;
}

export interface Adding {
  /** Throws `EngineError`: `storage_refused` where the browser keeps no files, or what the engine makes of it. */
  add(slot: string, offer: Offer, onProgress: (done: number) => void): Promise<Taken>;
  /** Originals that are here and not noted yet. */
  held(slot: string): readonly string[];
}

type TakeArgs = HostCommands['take_media']['args'];

export function createAdding(dep: AddingDep): Adding {
  const holding = new Map<string, Set<string>>();

  const need = (id: string): AddingSlot => {
    const slot = dep.slot(id);
    if (!slot) throw new EngineError('not_found');
    return slot;
  };

  return {
    async add(slotId, { to, set, files }, onProgress) {
      const held = holding.get(slotId) ?? new Set<string>();
      holding.set(slotId, held);
      const here = new Set(
        need(slotId)
          .transfers()
          .map((row) => row.id),
      );
      const refused: { name: string; fault: MediaFault }[] = [];
      let batch: TakeArgs['files'][number][] = [];
      let taken = 0;
      let notedAt = dep.clock.now();

      /** What is safe, or refused: whatever else was looked at can still be lost. */
      const tell = (): void => {
        onProgress(taken + refused.length);
      };
      const note = async (): Promise<void> => {
        const noted = batch;
        batch = [];
        if (noted.length > 0) {
          const args = { to, set, files: noted } satisfies TakeArgs;
          await need(slotId).command({ name: 'take_media', args });
          taken += noted.length;
          for (const { id } of noted) held.delete(id);
          tell();
        }
        notedAt = dep.clock.now();
      };
      const take = async ({ id, kind, alt, file }: OfferedFile): Promise<void> => {
        held.add(id);
        const outcome = await dep.worker.ask('take', { slot: slotId, id, kind, file });
        if ('fault' in outcome) {
          held.delete(id);
          refused.push({ name: file.name, fault: outcome.fault });
          tell();
          return;
        }
        const described = { id, kind, alt, name: shortened(file.name) };
        if ('kept' in outcome) {
          batch.push({ ...described, ...outcome.kept });
          if (batch.length >= batchMax || dep.clock.now() - notedAt >= batchMs) await note();
          return;
        }
        // No room for the original: it is prepared already, and its secret opens nothing.
        const { prepared, bytes } = outcome;
        batch.push({ ...described, secret: prepared.full.secret, bytes });
        await note();
        await ready(dep.worker, need(slotId), id, prepared);
      };

      try {
        for (const offered of files) {
          if (here.has(offered.id) || need(slotId).media(offered.id)) {
            taken += 1;
            tell();
          } else await dep.local.run(rankTake, () => take(offered));
        }
      } finally {
        // What is safe so far stays so, whatever became of the next one.
        await note().finally(() => {
          for (const { id } of files) held.delete(id);
        });
      }
      return { taken, refused };
    },
    held: (slot) => [...(holding.get(slot) ?? [])],
  };
}

/** A file's name as the engine takes it, with the ending that tells what it is. */
function shortened(name: string): string {
  const symbols = [...name.normalize('NFC')];
  if (symbols.length <= nameLengthMax) return symbols.join('');
  const dot = symbols.lastIndexOf('.');
  const ending = dot > 0 && symbols.length - dot <= endingLengthMax ? symbols.slice(dot) : [];
  return [...symbols.slice(0, nameLengthMax - ending.length - 1), '…', ...ending].join('');
}
