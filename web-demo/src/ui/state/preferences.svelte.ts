/** @file How the person likes to see the app on this device. Nothing personal: a language and a colour scheme. */
import { languages, setLanguage, type Language } from '../../i18n/i18n.svelte';

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

// The only use of local storage in the page: preferences, readable before the engine is up.
// eslint-disable-next-line no-restricted-globals -- tidy: allow(storage): a language and a colour scheme
const storage = (): Storage | undefined => (typeof localStorage === 'undefined' ? undefined : localStorage);

function read(key: string): string | null {
  try {
    return storage()?.getItem(key) ?? null;
  } catch {
    return null; // storage refused: the device's defaults hold
  }
}

function write(key: string, value: string): void {
  try {
    storage()?.setItem(key, value);
  } catch {
    // storage refused: the choice holds until the page closes
  }
}

const dark = typeof matchMedia === 'function' ? matchMedia('(prefers-color-scheme: dark)') : undefined;
let current = $state<Theme>('system');

function apply(): void {
  const isDark = current === 'dark' || (current === 'system' && dark?.matches === true);
  document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    meta.content = isDark ? '#111a28' : '#faf6ee';
  }
}

export function theme(): Theme {
  return current;
}

export function chooseTheme(next: Theme): void {
  current = next;
  write('theme', next);
  apply();
}

export function chooseLanguage(next: Language): void {
  write('language', next);
  setLanguage(next);
}

/** Applies what was chosen earlier, before the first screen is drawn. */
export function startPreferences(): void {
  current = themes.find((one) => one === read('theme')) ?? 'system';
  apply();
  dark?.addEventListener('change', apply);
  const kept = languages.find((one) => one === read('language'));
  if (kept) setLanguage(kept);
  else document.documentElement.lang = languages.find((one) => one === navigator.language.slice(0, 2)) ?? 'de';
}
