/** @file Carries out the media worker's jobs. What it holds between two of them can be lost at any time. */
import type { Clock } from '../../../platform/clock';
import type { Files, Folder } from '../../../platform/files';
import type { Notes } from '../../../platform/notes';
import { EngineError } from '../../contract';
import type { MediaFormat, MediaKind, MediaModule, Original, OwnBlob } from '../../edge';
import type { Failed, Job, Jobs } from '../jobs';
import { createCache } from './cache';
import { faultError, faultOf } from './fault';
import type { Pixels } from './pixels';
import { checkFile, checkPicture, prepare } from './prepare';
import { createReading } from './reading';
import type { Relay } from './relay';
import { bytesOf, open, reserveBody, seal } from './sealing';

/** What stays free on the device for everything else when an original is kept. */
const spareBytes = 50_000_000;
/** A picture over which the browser itself died this often is not tried again. A window that was closed meanwhile counts too. */
const triesMax = 3;
/** Formats that some browsers decode and others do not: it is tried before one is taken. */
const uncertain: ReadonlySet<MediaFormat> = new Set(['heic', 'tiff', 'avif']);

export interface WorkDep {
  /** Loads the module, once. */
  readonly module: () => Promise<MediaModule>;
  readonly files: Files;
  readonly pixels: Pixels;
  readonly relay: Relay;
  readonly clock: Clock;
  readonly used: Notes;
  readonly tried: Notes;
}

export type Work = (job: Job, signal: AbortSignal) => Promise<Jobs[keyof Jobs]['result']>;

export function createWork(dep: WorkDep): Work {
  const gone = new Set<string>();
  const files = without(dep.files, gone);
  const cache = createCache({ clock: dep.clock, files, notes: dep.used });
  const reading = createReading({ files, cache, relay: dep.relay });

  const write = async (
    slot: string,
    folder: Folder,
    name: string,
    fill: (write: (bytes: Uint8Array) => Promise<void>) => Promise<void>,
  ): Promise<void> => {
    const sink = await files.create(slot, folder, name);
    try {
      await fill((bytes) => sink.write(bytes));
    } catch (thrown) {
      await sink.drop().catch(() => undefined);
      throw thrown;
    }
    await sink.keep();
  };
  /** A blob of our own. Its name is known only when it is sealed. */
  const keepBlob = async (module: MediaModule, slot: string, plain: Blob): Promise<OwnBlob> => {
    const pieces: Uint8Array[] = [];
    const sealed = await seal(module, plain, (bytes) => void pieces.push(bytes));
    await cache.makeRoom(sealed.sealed);
    await write(slot, 'blob', sealed.id, async (put) => {
      for (const piece of pieces) await put(piece);
    });
    await cache.added(slot, sealed.id, sealed.sealed, false);
    return sealed;
  };
  const prepareWith = (module: MediaModule, slot: string, kind: MediaKind, plain: Blob) =>
    prepare(
      {
        module,
        limits: module.mediaLimits(),
        pixels: dep.pixels,
        keep: (bytes) => keepBlob(module, slot, bytes),
      },
      kind,
      plain,
    );

  /** Throws a `MediaFault` for what is not taken. */
  const look = async (module: MediaModule, kind: MediaKind, file: File): Promise<void> => {
    const limits = module.mediaLimits();
    if (kind === 'file') {
      await checkFile(module, limits, file);
      return;
    }
    const { format, fault } = await checkPicture(module, limits, file);
    const readable = await dep.pixels.able();
    if (readable && !uncertain.has(format)) return;
    const refused = faultError(readable ? fault : 'format_unsupported');
    if (!readable) throw refused;
    const picture = await dep.pixels.decode(file).catch(() => {
      throw refused;
    });
    picture.close();
  };

  const take = async ({ slot, id, kind, file }: Jobs['take']['args']): Promise<Jobs['take']['result']> => {
    const module = await dep.module();
    try {
      await look(module, kind, file);
      if (await cache.makeRoom(file.size + spareBytes)) return { kept: await keepOriginal(module, slot, id, file) };
    } catch (thrown) {
      const fault = faultOf(thrown);
      if (fault !== undefined) return { fault };
      // No room for it after all.
      if (!isFull(thrown)) throw thrown;
    }
    try {
      const outcome = await prepareWith(module, slot, kind, file);
      return 'fault' in outcome ? outcome : { ...outcome, bytes: file.size };
    } catch (thrown) {
      if (isFull(thrown)) return { fault: 'storage_full' };
      throw thrown;
    }
  };
  const keepOriginal = async (module: MediaModule, slot: string, id: string, file: File): Promise<Original> => {
    let secret = '';
    await write(slot, 'original', id, async (put) => {
      ({ secret } = await seal(module, file, put));
    });
    return { secret, bytes: file.size };
  };

  const prepareKept = async ({
    slot,
    id,
    kind,
    original,
  }: Jobs['prepare']['args']): Promise<Jobs['prepare']['result']> => {
    const sealed = await files.read(slot, 'original', id);
    if (!sealed) return { fault: 'lost' };
    const note = `${slot}/${id}`;
    const tries = await dep.tried.get(note);
    if (tries >= triesMax) return { fault: 'undecodable' };
    await dep.tried.put(note, tries + 1);
    try {
      const outcome = await prepareOriginal(slot, kind, sealed, original);
      await dep.tried.remove(note);
      return outcome;
    } catch (thrown) {
      // Whatever is told in so many words has not killed anything.
      if (thrown instanceof EngineError) await dep.tried.remove(note);
      throw thrown;
    }
  };
  const prepareOriginal = async (
    slot: string,
    kind: MediaKind,
    sealed: Blob,
    original: Original,
  ): Promise<Jobs['prepare']['result']> => {
    const module = await dep.module();
    let plain: Blob;
    try {
      plain = await open(module, sealed, original);
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'broken') return { fault: 'lost' };
      throw thrown;
    }
    return prepareWith(module, slot, kind, plain);
  };

  const reserve = async (
    { slot, circle, blob, ticket }: Jobs['reserve']['args'],
    signal: AbortSignal,
  ): Promise<Jobs['reserve']['result']> => {
    const module = await dep.module();
    const sealed = await files.read(slot, 'blob', blob);
    if (!sealed) return { trouble: 'lost' };
    const { id, body } = await reserveBody(module, circle, sealed);
    // Something on this device has changed its bytes.
    if (id !== blob) return { trouble: 'lost' };
    const answer = await dep.relay.reserve(body, ticket, signal);
    if ('trouble' in answer) return answer;
    try {
      return { missing: [...module.missingParts(answer)] };
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'relay_garbage') return { trouble: 'refused' };
      throw thrown;
    }
  };
  const part = async (
    { slot, blob, part: number, ticket }: Jobs['part']['args'],
    signal: AbortSignal,
  ): Promise<{ readonly sent: true } | Failed> => {
    const sealed = await files.read(slot, 'blob', blob);
    if (!sealed) return { trouble: 'lost' };
    const { partBytes } = (await dep.module()).mediaLimits();
    const bytes = await bytesOf(sealed.slice(number * partBytes, (number + 1) * partBytes));
    return (await dep.relay.put(blob, number, bytes, ticket, signal)) ?? { sent: true };
  };

  const tidy = async ({ slot, originals, keep, evictable }: Jobs['tidy']['args']): Promise<Jobs['tidy']['result']> => {
    const named = new Set(originals);
    for (const id of (await files.list(slot, 'original')).keys())
      if (!named.has(id)) {
        await files.remove(slot, 'original', id);
        await dep.tried.remove(`${slot}/${id}`);
      }
    return { absent: await cache.tidy(slot, keep, evictable) };
  };
  const forget = async (slot: string): Promise<void> => {
    // First of all: what is under way for it is not kept from here on.
    gone.add(slot);
    reading.forget(slot);
    await files.removeSlot(slot);
    await cache.forget(slot);
    await dep.tried.removeUnder(`${slot}/`);
  };

  return async (job, signal) => {
    switch (job.name) {
      case 'take':
        return take(job.args);
      case 'prepare':
        return prepareKept(job.args);
      case 'reserve':
        return reserve(job.args, signal);
      case 'part':
        return part(job.args, signal);
      case 'read':
        return reading.read(await dep.module(), job.args, signal);
      case 'tidy':
        return tidy(job.args);
      case 'drop':
        await files.remove(job.args.slot, 'original', job.args.original);
        await dep.tried.remove(`${job.args.slot}/${job.args.original}`);
        for (const blob of job.args.blobs) await cache.remove(job.args.slot, blob);
        return {};
      case 'forget':
        await forget(job.args.slot);
        return {};
      case 'sweep': {
        const known = new Set(job.args.slots);
        for (const slot of await files.slots()) if (!known.has(slot)) await forget(slot);
        return {};
      }
      default:
        job satisfies never;
        throw new EngineError('internal');
    }
  };
}

/** The same files, but for slots that are gone: whoever is still at work for one keeps nothing there. */
function without(files: Files, gone: ReadonlySet<string>): Files {
  return {
    ...files,
    async create(slot, folder, name) {
      const sink = await files.create(slot, folder, name);
      return {
        ...sink,
        async keep() {
          if (!gone.has(slot)) return sink.keep();
          await sink.drop();
          throw new EngineError('not_found');
        },
      };
    },
  };
}

function isFull(thrown: unknown): boolean {
  return thrown instanceof EngineError && thrown.code === 'storage_full';
}
