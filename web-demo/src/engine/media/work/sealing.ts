/** @file Sealing and opening in the WASM module, a piece at a time: it never holds a whole file. */
import type { MediaModule, OwnBlob } from '../../edge';

/** As much is handed over at once. */
const stepBytes = 1 << 20;

/** The pieces of something in order. Throws what the browser throws when a file has become unreadable. */
async function* piecesOf(whole: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < whole.size; at += stepBytes)
    yield new Uint8Array(await whole.slice(at, at + stepBytes).arrayBuffer());
}

/** Seals under a fresh secret; `write` gets the sealed bytes in order. */
export async function seal(
  module: MediaModule,
  plain: Blob,
  write: (sealed: Uint8Array) => Promise<void> | void,
): Promise<OwnBlob> {
  const sealer = new module.BlobSealer(plain.size);
  try {
    for await (const piece of piecesOf(plain)) {
      const sealed = sealer.push(piece);
      if (sealed.length > 0) await write(sealed);
    }
    const { bytes, id, secret, sealedBytes } = sealer.finish();
    await write(bytes);
    return { id, secret, bytes: plain.size, sealed: sealedBytes };
  } finally {
    sealer.free();
  }
}

/** Opens what is sealed; throws the module's `broken` unless it is whole. Without `id`: for what never leaves this device. */
export async function open(
  module: MediaModule,
  sealed: Blob,
  ref: { readonly secret: string; readonly bytes: number; readonly id?: string },
  type = '',
): Promise<Blob> {
  const opener = new module.BlobOpener(ref.secret, ref.bytes, ref.id);
  try {
    const plain: Uint8Array[] = [];
    for await (const piece of piecesOf(sealed)) plain.push(opener.push(piece));
    opener.finish();
    return blobOf(plain, type);
  } finally {
    opener.free();
  }
}

/** What the relay is asked for before a blob is sent. */
export async function reserveBody(
  module: MediaModule,
  circle: string,
  sealed: Blob,
): Promise<{ readonly id: string; readonly body: Uint8Array }> {
  const reserve = new module.BlobReserve(circle);
  try {
    for await (const piece of piecesOf(sealed)) reserve.push(piece);
    return reserve.finish();
  } finally {
    reserve.free();
  }
}

export function blobOf(pieces: readonly Uint8Array[], type: string): Blob {
  return new Blob([...pieces] as Uint8Array<ArrayBuffer>[], { type });
}

export async function bytesOf(blob: Blob): Promise<Uint8Array> {
  return new Uint8Array(await blob.arrayBuffer());
}
