/**
 * @file Opening blobs: from this device, else from the relay. A download that breaks goes on where it broke off, as long as this worker
 * lives; nothing is handed out before the whole was found to be the blob of that name, and to be what it is shown as: whoever sent it may
 * have had an app that checks nothing.
 */
import type { Files } from '../../../platform/files';
import type { BlobOpenerEdge, BlobRef, MediaModule } from '../../edge';
import type { Failed, Jobs } from '../jobs';
import type { Cache } from './cache';
import type { Relay } from './relay';
import { checkFile } from './prepare';
import { blobOf, bytesOf, open, reserveBody } from './sealing';

/** Downloads that broke off and are waited for; the eldest gives way. */
const brokenMax = 8;

export interface ReadingDep {
  readonly files: Files;
  readonly cache: Cache;
  readonly relay: Relay;
}

export interface Reading {
  read(module: MediaModule, args: Jobs['read']['args'], signal: AbortSignal): Promise<Jobs['read']['result']>;
  forget(slot: string): void;
}

/** What has come so far. */
interface Download {
  readonly opener: BlobOpenerEdge;
  readonly sealed: Uint8Array[];
  readonly plain: Uint8Array[];
  bytes: number;
}

export function createReading(dep: ReadingDep): Reading {
  const broken = new Map<string, Download>();

  const local = async (
    module: MediaModule,
    slot: string,
    ref: BlobRef,
    type: string,
  ): Promise<Blob | 'mismatch' | undefined> => {
    const sealed = await dep.files.read(slot, 'blob', ref.id).catch(() => undefined);
    if (!sealed) return undefined;
    try {
      return await harmless(module, await open(module, sealed, ref, type));
    } catch (thrown) {
      if (!isBroken(thrown)) throw thrown;
      // It is the blob of that name, and another item's: with this secret, or as what this one says it is, it is nothing.
      const { id } = await reserveBody(module, noCircle, sealed);
      if (id === ref.id) return 'mismatch';
      // Cut short or damaged: the relay has it whole, or nobody has.
      await dep.cache.remove(slot, ref.id);
      return undefined;
    }
  };

  const download = async (
    module: MediaModule,
    { slot, blob, type, evictable, ticket }: Jobs['read']['args'] & { readonly ticket: string },
    signal: AbortSignal,
  ): Promise<{ readonly opened: Blob } | Failed> => {
    const name = `${slot}/${blob.id}/${blob.secret}/${blob.bytes}`;
    const sealedBytes = module.sealedBytes(blob.bytes);
    const coming = broken.get(name) ?? {
      opener: new module.BlobOpener(blob.secret, blob.bytes, blob.id),
      sealed: [],
      plain: [],
      bytes: 0,
    };
    broken.delete(name);
    const before = coming.bytes;
    const give = (failed: Failed): Failed => {
      if (failed.trouble === 'network' || failed.trouble === 'ticket' || failed.trouble === 'busy') {
        broken.set(name, coming);
        const [eldest] = broken.keys();
        if (broken.size > brokenMax && eldest !== undefined) lose(eldest);
      } else coming.opener.free();
      return coming.bytes > before ? { ...failed, came: true } : failed;
    };
    try {
      const failed = await dep.relay.get(
        blob.id,
        coming.bytes,
        ticket,
        (bytes) => {
          coming.bytes += bytes.length;
          if (coming.bytes > sealedBytes) throw Object.assign(new Error('broken'), { code: 'broken' });
          coming.plain.push(coming.opener.push(bytes));
          coming.sealed.push(bytes);
        },
        signal,
      );
      if (failed) return give(failed);
      coming.opener.finish();
    } catch (thrown) {
      if (!isBroken(thrown)) throw thrown;
      return give({ trouble: 'mismatch' });
    }
    coming.opener.free();
    try {
      const opened = await harmless(module, blobOf(coming.plain, type));
      await keep(slot, blob.id, coming, evictable);
      return { opened };
    } catch (thrown) {
      if (!isBroken(thrown)) throw thrown;
      return { trouble: 'mismatch' };
    }
  };
  const lose = (name: string): void => {
    broken.get(name)?.opener.free();
    broken.delete(name);
  };
  /** A device that keeps nothing shows it all the same. */
  const keep = async (slot: string, id: string, { sealed, bytes }: Download, evictable: boolean): Promise<void> => {
    try {
      await dep.cache.makeRoom(bytes);
      const sink = await dep.files.create(slot, 'blob', id);
      for (const piece of sealed) await sink.write(piece);
      await sink.keep();
      await dep.cache.added(slot, id, bytes, evictable);
    } catch {
      // It is fetched again next time.
    }
  };

  return {
    async read(module, args, signal) {
      const { slot, blob, type, evictable, ticket } = args;
      const opened = await local(module, slot, blob, type);
      if (opened === 'mismatch') return { trouble: 'mismatch' };
      if (opened) {
        await dep.cache.used(slot, blob.id, evictable);
        return { opened };
      }
      return ticket === undefined ? { trouble: 'absent' } : download(module, { ...args, ticket }, signal);
    },
    forget(slot) {
      for (const name of [...broken.keys()]) if (name.startsWith(`${slot}/`)) lose(name);
    },
  };
}

/**
 * The same bytes, if they are what the page takes them for: a JPEG with nothing but a picture in it and no more pixels than this app sends,
 * or a PDF. Throws `broken` else.
 */
async function harmless(module: MediaModule, opened: Blob): Promise<Blob> {
  const limits = module.mediaLimits();
  try {
    if (opened.type === pictureType) module.cleanJpeg(await bytesOf(opened), limits.fullSide, limits.fullBytes);
    else await checkFile(module, limits, opened);
    return opened;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown) throw Object.assign(new Error('broken'), { code: 'broken' });
    throw thrown;
  }
}

const pictureType = 'image/jpeg';
/** The name of a blob does not depend on who is to hold it. */
const noCircle = '0'.repeat(32);

/** The module's word for bytes that do not hold. */
function isBroken(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'broken';
}
