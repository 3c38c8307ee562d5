/**
 * @file What went over a recorded line (`drill/proxy.mjs`): HTTP answers unpacked, WebSocket messages with the browser's mask taken
 * off. Whatever cannot be read throws: compressed or unknown bytes would hide what is looked for.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, constants, gunzipSync } from 'node:zlib';

/** Everything one browser sent and was sent. */
export interface Traffic {
  /** WebSocket messages by the browser, in order. */
  readonly sent: readonly Buffer[];
  /** WebSocket messages by the relay, in order. */
  readonly received: readonly Buffer[];
  /** WebSockets that were opened. */
  readonly sockets: number;
  /** All bytes that went to the relay, as they went. */
  readonly sentBytes: Buffer;
  /** All bytes that came from the relay: as they came, then heads, unpacked bodies and messages once more. */
  readonly receivedBytes: Buffer;
}

export function readTraffic(folder: string): Traffic {
  const sent: Buffer[] = [];
  const received: Buffer[] = [];
  const all: Buffer[] = [];
  const went: Buffer[] = [];
  let sockets = 0;
  const names = readdirSync(folder).filter((name) => name.endsWith('-relay'));
  for (const name of names.sort()) {
    const relay = readFileSync(join(folder, name));
    const browser = readFileSync(join(folder, name.replace('-relay', '-client')));
    const { parts, rest } = answers(relay);
    all.push(relay, ...parts);
    went.push(browser);
    if (!rest) continue;
    sockets += 1;
    const messages = frames(rest, false);
    received.push(...messages);
    all.push(...messages);
    sent.push(...frames(afterHeads(browser), true));
  }
  return { sent, received, sockets, sentBytes: Buffer.concat(went), receivedBytes: Buffer.concat(all) };
}

/* ---------- HTTP ---------- */

const headEnd = '\r\n\r\n';

/** Head and unpacked body of every answer, and what follows an answer that opened a WebSocket. */
function answers(bytes: Buffer): { parts: Buffer[]; rest?: Buffer } {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(headEnd, at);
    // A line that was cut off within a head carries nothing more.
    if (end < 0) break;
    const [first = '', ...lines] = bytes.toString('latin1', at, end).split('\r\n');
    const status = /^HTTP\/1\.1 (\d{3})/.exec(first)?.[1];
    if (!status) throw new Error('not an HTTP answer');
    const head = new Map(
      lines.map((line) => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
      }),
    );
    at = end + headEnd.length;
    if (status === '101') {
      if (head.has('sec-websocket-extensions')) throw new Error('a WebSocket with an extension');
      return { parts, rest: bytes.subarray(at) };
    }
    if (status.startsWith('1') || status === '204' || status === '304') continue;
    if (head.has('transfer-encoding')) {
      const { body, next } = chunks(bytes, at);
      parts.push(unpack(head.get('content-encoding'), body));
      at = next;
      continue;
    }
    const length = Number(head.get('content-length'));
    if (!Number.isInteger(length)) throw new Error('an answer without a length');
    parts.push(unpack(head.get('content-encoding'), bytes.subarray(at, at + length)));
    at += length;
  }
  return { parts };
}

function chunks(bytes: Buffer, start: number): { body: Buffer; next: number } {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const line = bytes.indexOf('\r\n', at);
    if (line < 0) break;
    const size = parseInt(bytes.toString('latin1', at, line), 16);
    if (!Number.isInteger(size)) throw new Error('a chunk without a length');
    parts.push(bytes.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
    if (size === 0) break;
  }
  return { body: Buffer.concat(parts), next: at };
}

/** A page that was closed may cut off what it was loading: as much as there is comes out. */
function unpack(encoding: string | undefined, body: Buffer): Buffer {
  switch (encoding) {
    case undefined:
    case 'identity':
      return body;
    case 'br':
      return brotliDecompressSync(body, { finishFlush: constants.BROTLI_OPERATION_FLUSH });
    case 'gzip':
      return gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH });
    default:
      throw new Error('an unknown content encoding');
  }
}

/** What follows the last request's head: a WebSocket's requests have no bodies. */
function afterHeads(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes.subarray(at, at + 4).toString('latin1') === 'GET ') {
    const end = bytes.indexOf(headEnd, at);
    if (end < 0) break;
    at = end + headEnd.length;
  }
  return bytes.subarray(at);
}

/* ---------- WebSocket (RFC 6455, section 5.2) ---------- */

/** Data messages, put together; one that was cut off counts as far as it goes. */
function frames(bytes: Buffer, masked: boolean): Buffer[] {
  const found: Buffer[] = [];
  let parts: Buffer[] = [];
  let at = 0;
  while (at + 2 <= bytes.length) {
    const [first, second] = [bytes[at]!, bytes[at + 1]!];
    if ((first & 0x70) !== 0) throw new Error('a compressed WebSocket frame');
    if (((second & 0x80) !== 0) !== masked) throw new Error('a WebSocket frame masked on the wrong side');
    at += 2;
    let length = second & 0x7f;
    const longer = length === 126 ? 2 : length === 127 ? 8 : 0;
    if (at + longer + (masked ? 4 : 0) > bytes.length) break;
    if (longer === 2) length = bytes.readUInt16BE(at);
    if (longer === 8) length = Number(bytes.readBigUInt64BE(at));
    at += longer;
    const mask = masked ? bytes.subarray(at, at + 4) : undefined;
    at += mask?.length ?? 0;
    const payload = Buffer.from(bytes.subarray(at, at + length));
    if (mask) for (let place = 0; place < payload.length; place++) payload[place]! ^= mask[place % 4]!;
    at += length;
    // Control frames (pings, goodbyes) may stand between the parts of a message.
    if ((first & 0x08) !== 0) continue;
    parts.push(payload);
    if ((first & 0x80) !== 0 && at <= bytes.length) {
      found.push(Buffer.concat(parts));
      parts = [];
    }
  }
  return found;
}

/* ---------- looking for ids ---------- */

/** An id with what it is, for whoever reads a failure: ids themselves are never printed. */
export interface Named {
  readonly what: string;
  readonly id: Buffer;
}

/** Every way in which an id may stand in other bytes. */
function forms(id: Buffer): readonly (readonly [string, Buffer])[] {
  const text = id.toString('hex');
  const base64 = (['base64', 'base64url'] as const).flatMap((alphabet) =>
    [0, 1, 2].map((alignment) => {
      const shifted = Buffer.concat([Buffer.alloc(alignment), id]);
      // Characters that share bits with the neighbours are left out.
      const [first, end] = [Math.ceil((alignment * 8) / 6), Math.floor((shifted.length * 8) / 6)];
      return [
        `${alphabet}, ${alignment} bytes shifted`,
        Buffer.from(shifted.toString(alphabet).slice(first, end)),
      ] as const;
    }),
  );
  return [['raw', id], ['hex', Buffer.from(text)], ['upper-case hex', Buffer.from(text.toUpperCase())], ...base64];
}

/** The ways in which an id stands in bytes. */
export function formsIn(bytes: Buffer, id: Buffer): readonly string[] {
  return forms(id).flatMap(([name, form]) => (bytes.includes(form) ? [name] : []));
}

/** What was found of ids, in words. */
export function foundIn(haystack: Buffer, ids: readonly Named[]): readonly string[] {
  return ids.flatMap(({ what, id }) => formsIn(haystack, id).map((form) => `${what} (${form})`));
}

/** Which ids stand nowhere, in words. */
export function missingIn(haystack: Buffer, ids: readonly Named[]): readonly string[] {
  return ids.filter(({ id }) => formsIn(haystack, id).length === 0).map(({ what }) => what);
}
