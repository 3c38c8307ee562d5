/**
 * @file New versions of the app. The service worker fetches them and waits; nothing changes under the person's hands. Only their
 * tap lets the waiting version take over, and then the page reloads.
 */
import { trustedScriptUrl } from '../../trusted';

class Updates {
  ready = $state(false);
  #waiting: ServiceWorker | null = null;
  #asked = false;

  /** Registers the service worker. Does nothing where there is none (development, old browsers, no secure context). */
  async start(address: string): Promise<void> {
    const container = (navigator as Partial<Navigator>).serviceWorker;
    if (!container) return;
    container.addEventListener('controllerchange', () => {
      if (this.#asked) location.reload();
    });
    try {
      const registration = await container.register(trustedScriptUrl(address), { scope: '/' });
      this.#watch(registration, container);
      document.addEventListener('visibilitychange', () => {
        // A refused or unreachable check is no news: the next one comes with the next look.
        if (document.visibilityState === 'visible') registration.update().catch(() => undefined);
      });
    } catch {
      // No offline start then; everything else works, and the next visit tries again.
    }
  }

  #watch(registration: ServiceWorkerRegistration, container: ServiceWorkerContainer): void {
    const offer = (worker: ServiceWorker | null) => {
      if (!worker || !container.controller) return;
      this.#waiting = worker;
      this.ready = true;
    };
    offer(registration.waiting);
    registration.addEventListener('updatefound', () => {
      const worker = registration.installing;
      worker?.addEventListener('statechange', () => {
        if (worker.state === 'installed') offer(worker);
      });
    });
  }

  /** The person wants the new version now. */
  apply(): void {
    if (!this.#waiting) return this.reload();
    this.#asked = true;
    this.#waiting.postMessage('activate');
  }

  later(): void {
    this.ready = false;
  }

  reload(): void {
    if (this.#waiting) this.apply();
    else location.reload();
  }
}

export const updates = new Updates();
