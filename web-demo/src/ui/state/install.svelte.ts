/** @file Whether the app can be put on the home screen, and how on this device. */

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

class Install {
  #prompt = $state.raw<InstallPrompt>();
  installed = $state(false);

  start(): void {
    this.installed =
      matchMedia('(display-mode: standalone)').matches || (navigator as { standalone?: boolean }).standalone === true;
    window.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#prompt = event as InstallPrompt;
    });
    window.addEventListener('appinstalled', () => (this.installed = true));
  }

  /** `prompt`: one button does it. `ios`: steps in Safari. `menu`: the browser's own menu. */
  get way(): 'done' | 'prompt' | 'ios' | 'menu' {
    if (this.installed) return 'done';
    if (this.#prompt) return 'prompt';
    const touchMac = navigator.userAgent.includes('Macintosh') && navigator.maxTouchPoints > 1;
    return /iPhone|iPad|iPod/.test(navigator.userAgent) || touchMac ? 'ios' : 'menu';
  }

  async ask(): Promise<void> {
    await this.#prompt?.prompt();
    this.#prompt = undefined;
  }
}

export const install = new Install();
