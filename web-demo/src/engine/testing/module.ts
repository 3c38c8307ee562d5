/**
 * @file Stands in for the WASM module's part for pictures and files: it "seals" by writing a mark before the bytes, and takes what
 * begins with a letter for a format. Everything it is asked is checked as the real one checks it.
 */
import type { MediaFormat, MediaLimits, MediaModule } from '../edge';
import { faultError } from '../media/work/fault';

const mark = 4;

export const fakeLimits: MediaLimits = {
  fullSide: 1600,
  thumbSide: 720,
  fullBytes: 1_500_000,
  thumbBytes: 100_000,
  originalBytes: 40 << 20,
  fileBytes: 25 << 20,
  headBytes: 4,
  pdfHeadBytes: 4,
  pdfTailBytes: 2,
  partBytes: 10,
};

const formats: Readonly<Record<string, MediaFormat>> = { J: 'jpeg', H: 'heic', S: 'svg', P: 'pdf' };

/** A name that depends on every byte. */
export function fakeId(sealed: Uint8Array): string {
  let hash = 2166136261;
  for (const byte of sealed) hash = Math.imul(hash ^ byte, 16777619) >>> 0;
  return hash.toString(16).padStart(8, '0').repeat(8);
}

function broken(): Error {
  return Object.assign(new Error('broken'), { code: 'broken' });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** `open`: objects that were made and not freed. */
export function fakeModule(): MediaModule & { open: number; missing: number[] } {
  let secrets = 0;
  const module = {
    open: 0,
    /** What the relay answers to a reservation, as this module understands it. */
    missing: [] as number[],
    mediaLimits: () => fakeLimits,
    sniff: (head: Uint8Array) => formats[String.fromCharCode(head[0] ?? 0)] ?? 'other',
    checkPicture(head: Uint8Array, bytes: number) {
      if (bytes === 0) throw faultError('empty');
      if (bytes > fakeLimits.originalBytes) throw faultError('too_large');
      const format = module.sniff(head);
      if (format !== 'jpeg' && format !== 'heic') throw faultError('not_a_picture');
      // `?`: the rest is needed to know; `!`: more pixels than anybody can decode.
      if (head[1] === 63 && head.length < bytes) return undefined;
      if (head[1] === 33) throw faultError('too_many_pixels');
      return { format, width: 1, height: 1, fault: format === 'jpeg' ? 'undecodable' : 'format_unsupported' } as const;
    },
    cleanJpeg(bytes: Uint8Array, side: number, bytesMax: number) {
      if (bytes.length > bytesMax) throw faultError('too_large');
      return { bytes, width: side, height: 1 };
    },
    checkPdf(head: Uint8Array, tail: Uint8Array, bytes: number) {
      if (bytes === 0) throw faultError('empty');
      if (bytes > fakeLimits.fileBytes) throw faultError('too_large');
      if (module.sniff(head) !== 'pdf' || tail.at(-1) !== 46) throw faultError('not_a_pdf');
    },
    sealedBytes: (plain: number) => plain + mark,
    BlobSealer: class {
      private readonly pieces: Uint8Array[] = [];
      constructor(private readonly plainBytes: number) {
        module.open += 1;
      }
      push(bytes: Uint8Array) {
        const first = this.pieces.length === 0;
        if (first) this.pieces.push(new Uint8Array([115, 101, 97, ++secrets]));
        this.pieces.push(bytes);
        return first ? joined(this.pieces) : bytes;
      }
      finish() {
        const sealed = joined(this.pieces);
        if (sealed.length !== this.plainBytes + mark) throw new Error('internal');
        const secret = (sealed[mark - 1] ?? 0).toString(16).padStart(64, '0');
        return { bytes: new Uint8Array(), id: fakeId(sealed), secret, sealedBytes: sealed.length };
      }
      free() {
        module.open -= 1;
      }
    },
    BlobOpener: class {
      private readonly pieces: Uint8Array[] = [];
      constructor(
        private readonly secret: string,
        private readonly plainBytes: number,
        private readonly id?: string,
      ) {
        module.open += 1;
      }
      push(sealed: Uint8Array) {
        const before = joined(this.pieces).length;
        this.pieces.push(sealed);
        const all = joined(this.pieces);
        if (all.length >= mark && all[mark - 1] !== parseInt(this.secret, 16)) throw broken();
        return all.slice(Math.max(mark, before));
      }
      finish() {
        const sealed = joined(this.pieces);
        if (sealed.length !== this.plainBytes + mark) throw broken();
        if (this.id !== undefined && fakeId(sealed) !== this.id) throw broken();
      }
      free() {
        module.open -= 1;
      }
    },
    BlobReserve: class {
      private readonly pieces: Uint8Array[] = [];
      constructor(private readonly circle: string) {
        module.open += 1;
      }
      push(sealed: Uint8Array) {
        this.pieces.push(sealed);
      }
      finish() {
        const id = fakeId(joined(this.pieces));
        return { id, body: new TextEncoder().encode(`${this.circle} ${id}`) };
      }
      free() {
        module.open -= 1;
      }
    },
    missingParts: (answer: Uint8Array) => {
      if (answer.length > 0) throw Object.assign(new Error('relay_garbage'), { code: 'relay_garbage' });
      return new Uint32Array(module.missing);
    },
  };
  return module;
}
