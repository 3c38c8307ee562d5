/** @file The engine's client alone on a page, for tests that speak to it as the screens do. */
import { createEngineClient } from '../src/engine/client';
import type { EngineClient } from '../src/engine/contract';

declare global {
  interface Window {
    /** Resolves to the client, or to the code of why there is none. */
    engine: Promise<EngineClient>;
  }
}

window.engine = createEngineClient();
