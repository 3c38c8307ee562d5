/** @file A TCP proxy that keeps every byte that passes, one file per connection and direction. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';

/**
 * Listens on a free port of the loopback interface. Files: `NNNN-client` is what the browser sent, `NNNN-relay` what it was answered.
 * @param {string} folder
 */
export async function startProxy(folder) {
  mkdirSync(folder, { recursive: true });
  /** @type {Set<import('node:net').Socket>} */
  const sockets = new Set();
  let upstreamPort = 0;
  let connections = 0;

  const server = createServer((browser) => {
    const name = String(connections++).padStart(4, '0');
    const relay = connect(upstreamPort, '127.0.0.1');
    record(browser, relay, join(folder, `${name}-client`));
    record(relay, browser, join(folder, `${name}-relay`));
  });

  /** Keeps a chunk before it passes it on, so that nothing arrives unrecorded. */
  function record(from, to, path) {
    const file = openSync(path, 'w');
    sockets.add(from);
    from.on('data', (chunk) => {
      writeSync(file, chunk);
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('end', () => to.end());
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      closeSync(file);
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
    async close() {
      server.close();
      const closed = [...sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const socket of sockets) socket.destroy();
      await Promise.all(closed);
    },
  };
}
