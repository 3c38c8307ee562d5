/** @file A TCP proxy that keeps every byte that passes, one file per connection and direction; it can be slow, and it can lie. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { pipeline } from 'node:stream';

const opened = Buffer.from('HTTP/1.1 101');

/**
 * Listens on a free port of the loopback interface. Files: `NNNN-client` is what the browser sent, `NNNN-relay` what it was answered.
 * @param {string} folder
 */
export async function startProxy(folder) {
  mkdirSync(folder, { recursive: true });
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  /** The browser's end of the WebSocket that was opened last. @type {import('node:net').Socket | undefined} */
  let live;
  let upstreamPort = 0;
  let connections = 0;
  /** @type {(chunk: Buffer) => Buffer} */
  let change = (chunk) => chunk;
  let bytesPerSecond = Infinity;
  /** When all that has been let up the line so far is through. */
  let freeAt = 0;

  const server = createServer((browser) => {
    const name = String(connections++).padStart(4, '0');
    const relay = connect(upstreamPort, '127.0.0.1');
    pass(browser, relay, join(folder, `${name}-client`), async (chunk) => {
      await turn(chunk.length);
      return change(chunk);
    });
    pass(relay, browser, join(folder, `${name}-relay`), (chunk) => {
      if (chunk.subarray(0, opened.length).equals(opened)) live = browser;
      return chunk;
    });
  });

  /** Keeps a chunk before it passes it on, so that nothing arrives unrecorded. */
  function pass(from, to, path, treat) {
    const file = openSync(path, 'w');
    sockets.add(from);
    from.once('close', () => sockets.delete(from));
    const through = async function* (chunks) {
      for await (const chunk of chunks) {
        writeSync(file, chunk);
        yield await treat(chunk);
      }
    };
    // A connection that breaks is no fault of anybody here.
    pipeline(from, through, to, () => closeSync(file));
  }

  /** All connections share the line. */
  async function turn(bytes) {
    if (bytesPerSecond === Infinity) return;
    freeAt = Math.max(freeAt, performance.now()) + (1000 * bytes) / bytesPerSecond;
    await new Promise((resolve) => {
      setTimeout(resolve, freeAt - performance.now());
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  return {
    origin: `http://localhost:${port}`,
    /** @param {number} port of the relay */
    pointAt(port) {
      upstreamPort = port;
    },
    /** @param {number} bytes a second, from the browser to the relay */
    slowTo(bytes) {
      bytesPerSecond = bytes;
      freeAt = 0;
    },
    /** @param {(chunk: Buffer) => Buffer} to what the relay is told instead */
    lie(to) {
      change = to;
    },
    /** @param {Buffer} bytes that the browser hears between what the relay says */
    say(bytes) {
      live?.write(bytes);
    },
    async close() {
      server.close();
      const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}
