/**
 * @file Something on the relay's port that is no relay: it takes WebSockets and says to each what a test wants said. Frames are
 * written by hand, so that they can be wrong in every way.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What one connection is told; the connection stays open unless it says so. */
export type Nonsense = (socket: Socket) => void;

const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
export const opcode = { text: 1, binary: 2 } as const;

/** One WebSocket frame of a server. */
export function webSocketFrame(which: number, payload: Buffer): Buffer {
  const length = payload.length;
  const head =
    length < 126
      ? Buffer.from([0x80 | which, length])
      : length < 65_536
        ? Buffer.from([0x80 | which, 126, length >> 8, length & 0xff])
        : Buffer.concat([Buffer.from([0x80 | which, 127, 0, 0, 0, 0]), bigEndian(length)]);
  return Buffer.concat([head, payload]);
}

function bigEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export class FakeRelay {
  private readonly sockets = new Set<Socket>();
  private connections = 0;

  private constructor(private readonly server: Server) {}

  /** Takes the next of `said` for each connection, and the last for all that follow. */
  static async at(port: number, said: readonly Nonsense[]): Promise<FakeRelay> {
    const server = createServer((_, response) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>nobody here</h1>');
    });
    const fake = new FakeRelay(server);
    server.on('upgrade', (request, socket) => {
      const raw = socket as Socket;
      fake.sockets.add(raw);
      // The browser may go at any moment.
      raw.on('error', () => undefined);
      raw.on('close', () => fake.sockets.delete(raw));
      const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${acceptGuid}`).digest('base64');
      raw.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      said[Math.min(fake.connections, said.length - 1)]?.(raw);
      fake.connections += 1;
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    return fake;
  }

  /** How often somebody has connected. */
  get connected(): number {
    return this.connections;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeAllConnections();
    for (const socket of this.sockets) socket.destroy();
    await closed;
  }
}
