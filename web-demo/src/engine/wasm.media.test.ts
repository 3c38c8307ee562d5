/** @file What the media worker uses of the built WASM module (`cargo xtask wasm`): checks, cleaning, sealing and opening, without a browser. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import jpegJs from 'jpeg-js';
import { beforeAll, describe, expect, it } from 'vitest';
import * as bindings from '../wasm/nestpost.js';
import type { MediaModule, SealedBlob } from './edge';

const module = bindings as unknown as MediaModule;
const circle = '0102030405060708090a0b0c0d0e0f10';

beforeAll(() => {
  bindings.initSync({ module: readFileSync(resolve(import.meta.dirname, '../wasm/nestpost_bg.wasm')) });
});

function codeOf(work: () => unknown): unknown {
  try {
    work();
    return 'nothing was thrown';
  } catch (thrown) {
    return (thrown as { code?: unknown }).code;
  }
}
const bytesOf = (text: string) => new TextEncoder().encode(text);
function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
function jpeg(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4).map((_, at) => at * 7);
  return Uint8Array.from(jpegJs.encode({ width, height, data }, 80).data);
}
/** Behind the start, a segment with this marker. */
function laden(picture: Uint8Array, marker: number, text: string): Uint8Array {
  const body = bytesOf(text);
  return joined([picture.slice(0, 2), Uint8Array.of(0xff, marker, 0, body.length + 2), body, picture.slice(2)]);
}
function sealed(content: Uint8Array, step: number): { readonly bytes: Uint8Array; readonly blob: SealedBlob } {
  const sealer = new module.BlobSealer(content.length);
  const parts: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += step) parts.push(sealer.push(content.subarray(at, at + step)));
  const blob = sealer.finish();
  expect(codeOf(() => sealer.finish())).toBe('internal');
  sealer.free();
  return { bytes: joined([...parts, blob.bytes]), blob };
}
function opened(bytes: Uint8Array, step: number, secret: string, plainBytes: number, id?: string): Uint8Array {
  const opener = new module.BlobOpener(secret, plainBytes, id);
  try {
    const parts: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += step) parts.push(opener.push(bytes.subarray(at, at + step)));
    opener.finish();
    return joined(parts);
  } finally {
    opener.free();
  }
}

describe('the module, for pictures and files', () => {
  it('names its limits', () => {
    const limits = module.mediaLimits();
    expect(limits).toMatchObject({ fullSide: 1600, thumbSide: 720, thumbBytes: 100_000, partBytes: 1_048_576 });
    expect(Object.values(limits).every((limit) => Number.isSafeInteger(limit) && limit > 0)).toBe(true);
  });

  it('knows a file by its bytes', () => {
    expect(
      [jpeg(8, 8), bytesOf('%PDF-1.7'), bytesOf('<svg>'), bytesOf('text')].map((head) => module.sniff(head)),
    ).toEqual(['jpeg', 'pdf', 'svg', 'other']);
  });

  it('looks at a picture before it is decoded', () => {
    const picture = jpeg(40, 30);
    const info = { format: 'jpeg', width: 40, height: 30, fault: 'undecodable' };
    expect(module.checkPicture(picture, picture.length)).toEqual(info);
    expect(module.checkPicture(picture.subarray(0, 30), picture.length)).toBeUndefined();
    expect(codeOf(() => module.checkPicture(picture.subarray(0, 30), 30))).toBe('undecodable');
    expect(codeOf(() => module.checkPicture(bytesOf('<html >'), 7))).toBe('not_a_picture');
    expect(codeOf(() => module.checkPicture(new Uint8Array(), 0))).toBe('empty');
    // More than fits into 32 bits.
    expect(codeOf(() => module.checkPicture(picture, 2 ** 32 + picture.length))).toBe('too_large');
    const frame = picture.findIndex((byte, at) => byte === 0xff && picture[at + 1] === 0xc0);
    const large = picture.slice();
    large.set([9000 >> 8, 9000 & 255, 12_000 >> 8, 12_000 & 255], frame + 5);
    expect(codeOf(() => module.checkPicture(large, large.length))).toBe('too_many_pixels');
  });

  it('leaves nothing but the picture', () => {
    const picture = jpeg(40, 30);
    const bare = module.cleanJpeg(picture, 40, 100_000);
    expect([bare.width, bare.height, bare.bytes instanceof Uint8Array]).toEqual([40, 30, true]);
    expect(module.cleanJpeg(laden(picture, 0xe1, 'Exif\0\0 52.5186N'), 40, 100_000).bytes).toEqual(bare.bytes);
    expect(jpegJs.decode(bare.bytes).data).toEqual(jpegJs.decode(picture).data);
    expect(codeOf(() => module.cleanJpeg(picture, 39, 100_000))).toBe('too_many_pixels');
    expect(codeOf(() => module.cleanJpeg(picture, 40, 100))).toBe('too_large');
    expect(codeOf(() => module.cleanJpeg(picture.subarray(0, 400), 40, 100_000))).toBe('undecodable');
  });

  it('knows a PDF by its beginning and end', () => {
    const pdf = bytesOf('%PDF-1.7\n%%EOF');
    module.checkPdf(pdf, pdf, pdf.length);
    expect(codeOf(() => module.checkPdf(pdf, bytesOf('cut off'), 1000))).toBe('not_a_pdf');
    expect(codeOf(() => module.checkPdf(pdf, pdf, 2 ** 32 + 1))).toBe('too_large');
  });

  it('opens what it sealed, in any split, and nothing else', () => {
    const content = new Uint8Array(150_000).map((_, at) => at * 31);
    const { bytes, blob } = sealed(content, 40_000);
    expect(bytes.length).toBe(blob.sealedBytes);
    expect(new TextDecoder().decode(bytes.subarray(0, 60))).toMatch(/^age-encryption.org\/v1\n-> scrypt \S{22} 1\n/);
    expect(module.sealedBytes(content.length)).toBe(blob.sealedBytes);
    expect([blob.id, blob.secret].every((text) => /^[0-9a-f]{64}$/.test(text))).toBe(true);
    expect(opened(bytes, 7_001, blob.secret, content.length, blob.id)).toEqual(content);
    expect(opened(bytes, bytes.length, blob.secret, content.length)).toEqual(content);

    const other = sealed(content, content.length).blob;
    expect(codeOf(() => opened(bytes, 9_999, other.secret, content.length, blob.id))).toBe('broken');
    expect(codeOf(() => opened(bytes, 9_999, blob.secret, content.length, other.id))).toBe('broken');
    expect(codeOf(() => opened(bytes, 9_999, blob.secret, content.length - 1, blob.id))).toBe('broken');
    expect(codeOf(() => opened(bytes.subarray(1), 9_999, blob.secret, content.length, blob.id))).toBe('broken');
    expect(codeOf(() => opened(bytes.subarray(0, -1), 9_999, blob.secret, content.length, blob.id))).toBe('broken');
    expect(codeOf(() => opened(bytes, 9_999, 'no hex', content.length))).toBe('app_mixed');
    expect(codeOf(() => new module.BlobSealer(2 ** 40))).toBe('internal');
    const short = new module.BlobSealer(2);
    expect(codeOf(() => short.push(new Uint8Array(3)))).toBe('internal');
    short.free();
  });

  it('asks for room under the name that was sealed', () => {
    const { bytes, blob } = sealed(bytesOf('a picture'), 100);
    const reserve = new module.BlobReserve(circle);
    reserve.push(bytes.subarray(0, 500));
    reserve.push(bytes.subarray(500));
    const { id, body } = reserve.finish();
    expect(id).toBe(blob.id);
    // CBOR {0: circle, 1: {0: length, 1: [hash]}}.
    expect(Buffer.from(body.subarray(0, 19)).toString('hex')).toBe(`a20050${circle}`);
    expect(body.length).toBe(19 + 1 + 1 + 1 + 3 + 1 + 1 + 34);
    expect(codeOf(() => reserve.finish())).toBe('broken');
    reserve.free();
    expect(codeOf(() => new module.BlobReserve('00'))).toBe('app_mixed');
  });

  it('reads which parts a relay lacks', () => {
    expect([...module.missingParts(Uint8Array.of(0xa1, 0x00, 0x82, 0x00, 0x03))]).toEqual([0, 3]);
    expect([...module.missingParts(Uint8Array.of(0xa1, 0x00, 0x80))]).toEqual([]);
    expect(codeOf(() => module.missingParts(bytesOf('<html>')))).toBe('relay_garbage');
  });
});
