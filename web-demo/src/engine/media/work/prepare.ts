/**
 * @file From what somebody chose to what may leave the device: a picture is drawn anew in two sizes, so that nothing of the original file
 * remains, and the module drops and checks the rest; an attachment is checked. Both are sealed under fresh secrets.
 */
import { rgbaToThumbHash } from 'thumbhash';
import type { MediaFault } from '../../contract';
import type { CleanJpeg, MediaKind, MediaLimits, MediaModule, OwnBlob, PictureInfo } from '../../edge';
import type { Prepared } from '../jobs';
import { faultError, faultOf } from './fault';
import type { Drawn, Pixels, Surface } from './pixels';
import { bytesOf } from './sealing';

/** What a master is to come to; what does not get there at the lowest quality may be longer, up to the module's limit. */
const fullAimBytes = 350_000;
const fullQualities = [0.82, 0.76, 0.7, 0.65, 0.6] as const;
const thumbQualities = [0.75, 0.65, 0.55, 0.45] as const;
/** Where no quality is enough, the next attempt is so much smaller. */
const shrink = 0.8;
/** ThumbHash takes no more. */
const hashSide = 100;

export interface PrepareDep {
  readonly module: MediaModule;
  readonly limits: MediaLimits;
  readonly pixels: Pixels;
  /** Seals and keeps a blob on this device. Throws `EngineError`. */
  readonly keep: (plain: Blob) => Promise<OwnBlob>;
}

/** Throws `EngineError` for what the device does not keep, and whatever a dead module throws. */
export async function prepare(
  dep: PrepareDep,
  kind: MediaKind,
  plain: Blob,
): Promise<{ readonly prepared: Prepared } | { readonly fault: MediaFault }> {
  try {
    return { prepared: await (kind === 'picture' ? preparePicture(dep, plain) : prepareFile(dep, plain)) };
  } catch (thrown) {
    const fault = faultOf(thrown);
    if (fault === undefined) throw thrown;
    return { fault };
  }
}

async function prepareFile({ module, limits, keep }: PrepareDep, plain: Blob): Promise<Prepared> {
  await checkFile(module, limits, plain);
  return { full: await keep(plain) };
}

/** Throws a `MediaFault` for what is no attachment. */
export async function checkFile(module: MediaModule, limits: MediaLimits, plain: Blob): Promise<void> {
  const [head, tail] = await Promise.all([
    bytesOf(plain.slice(0, limits.pdfHeadBytes)),
    bytesOf(plain.slice(Math.max(0, plain.size - limits.pdfTailBytes))),
  ]);
  module.checkPdf(head, tail, plain.size);
}

async function preparePicture(dep: PrepareDep, plain: Blob): Promise<Prepared> {
  const { module, limits, pixels, keep } = dep;
  const { fault } = await checkPicture(module, limits, plain);
  if (!(await pixels.able())) throw faultError('format_unsupported');
  const image = await pixels.decode(plain).catch(() => {
    throw faultError(fault);
  });
  const opened: Surface[] = [image];
  try {
    const full = await fit(image, {
      side: limits.fullSide,
      aimBytes: fullAimBytes,
      bytesMax: limits.fullBytes,
      qualities: fullQualities,
    });
    opened.push(full.drawn);
    // The largest by far; no longer needed.
    image.close();
    const thumb = await fit(full.drawn, {
      side: limits.thumbSide,
      aimBytes: limits.thumbBytes,
      bytesMax: limits.thumbBytes,
      qualities: thumbQualities,
    });
    opened.push(thumb.drawn);
    const small = thumb.drawn.scaled(hashSide);
    opened.push(small);
    const hash = rgbaToThumbHash(small.width, small.height, small.rgba());
    const clean = (jpeg: Uint8Array, side: number, bytesMax: number): CleanJpeg =>
      module.cleanJpeg(jpeg, side, bytesMax);
    const [master, preview] = [
      clean(full.jpeg, limits.fullSide, limits.fullBytes),
      clean(thumb.jpeg, limits.thumbSide, limits.thumbBytes),
    ];
    const blobs = [];
    for (const { bytes } of [master, preview]) blobs.push(await keep(new Blob([bytes as Uint8Array<ArrayBuffer>])));
    const [fullBlob, thumbBlob] = blobs;
    if (!fullBlob || !thumbBlob) throw new TypeError('two were kept');
    return { full: fullBlob, thumb: thumbBlob, width: master.width, height: master.height, hash: hexOf(hash) };
  } finally {
    for (const surface of opened) surface.close();
  }
}

/** What its header says of a picture. Throws a `MediaFault` for what must not be decoded. */
export async function checkPicture(module: MediaModule, limits: MediaLimits, plain: Blob): Promise<PictureInfo> {
  for (let bytes = limits.headBytes; ; bytes *= 4) {
    const known = module.checkPicture(await bytesOf(plain.slice(0, bytes)), plain.size);
    if (known) return known;
    // With the whole file there is always an answer.
    if (bytes >= plain.size) throw faultError('undecodable');
  }
}

interface Rule {
  readonly side: number;
  readonly aimBytes: number;
  readonly bytesMax: number;
  readonly qualities: readonly number[];
}

/** The largest and finest JPEG that keeps to the rule. */
async function fit(from: Surface, rule: Rule): Promise<{ readonly drawn: Drawn; readonly jpeg: Uint8Array }> {
  for (let side = rule.side; ; side = Math.max(1, Math.floor(side * shrink))) {
    const drawn = from.scaled(side);
    try {
      let jpeg = new Uint8Array();
      for (const quality of rule.qualities) {
        jpeg = new Uint8Array(await drawn.jpeg(quality));
        if (jpeg.length <= rule.aimBytes) break;
      }
      // A single pixel must do.
      if (jpeg.length <= rule.bytesMax || side === 1) return { drawn, jpeg };
    } catch (thrown) {
      drawn.close();
      throw thrown;
    }
    drawn.close();
  }
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
