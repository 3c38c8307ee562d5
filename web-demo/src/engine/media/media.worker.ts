/**
 * @file Entry of the media worker, which the serving engine worker starts: pictures are decoded, sealed, sent and opened here, so that
 * nothing of it blocks an engine. It has a copy of the module of its own, and no house. Wires, decides nothing.
 */
import { systemClock } from '../../platform/clock';
import { openFiles } from '../../platform/files';
import { openNotes } from '../../platform/notes';
import { EngineError } from '../contract';
import { loadMedia } from '../load';
import type { FromMedia, Job, ToMedia } from './jobs';
import { browserPixels } from './work/pixels';
import { createRelay } from './work/relay';
import { createWork } from './work/work';

const tell = (message: FromMedia): void => {
  self.postMessage(message);
};
const work = createWork({
  module: loadMedia,
  files: openFiles(),
  pixels: browserPixels(),
  relay: createRelay({ origin: self.location.origin, fetch: self.fetch.bind(self), clock: systemClock }),
  clock: systemClock,
  ...openNotes(),
});
const running = new Map<number, AbortController>();

async function run(id: number, job: Job): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    tell({ kind: 'done', id, result: await work(job, controller.signal) });
  } catch (thrown) {
    if (thrown instanceof WebAssembly.RuntimeError) {
      // A trapped instance cannot be used any more, nor trusted.
      tell({ kind: 'dead' });
      self.close();
    } else tell({ kind: 'failed', id, error: thrown instanceof EngineError ? thrown.code : 'internal' });
  } finally {
    running.delete(id);
  }
}

self.addEventListener('message', ({ data }: MessageEvent<ToMedia>) => {
  if (data.kind === 'job') void run(data.id, data.job);
  else running.get(data.id)?.abort();
});
