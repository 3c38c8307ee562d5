/**
 * @file Words of the app. German first, English second; the messages are Fluent files, the ids are types.
 * A language change redraws whatever called {@link t}.
 */
import { FluentBundle, FluentResource } from '@fluent/bundle';
import de from './de.ftl?raw';
import en from './en.ftl?raw';
import tr from './tr.ftl?raw';
import type { MessageArgs } from './messages.gen';

export type Language = 'de' | 'en';
export type MessageId = keyof MessageArgs;
/** Ids whose message takes no variables. */
export type PlainMessageId = { [K in MessageId]: MessageArgs[K] extends null ? K : never }[MessageId];

export const languages: readonly Language[] = ['de', 'en'];
const locales: Record<Language, string> = { de: 'de-DE', en: 'en-GB' };
const sources: Record<Language, string> = { de, en };

const bundles = new Map<Language, FluentBundle>();
function bundleOf(language: Language): FluentBundle {
  const known = bundles.get(language);
  if (known) return known;
  // Direction marks around names would end up in accessible names and copied text; both languages run left to right.
  const bundle = new FluentBundle(locales[language], { useIsolating: false });
  bundle.addResource(new FluentResource(sources[language]));
  bundles.set(language, bundle);
  return bundle;
}

/** The first language of the browser that the app speaks; German otherwise. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.toLowerCase().split('-')[0];
    const match = languages.find((language) => language === base);
    if (match) return match;
  }
  return 'de';
}

let current = $state<Language>(preferredLanguage(typeof navigator === 'undefined' ? [] : navigator.languages));

export function language(): Language {
  return current;
}

export function locale(): string {
  return locales[current];
}

export function setLanguage(next: Language): void {
  current = next;
  document.documentElement.lang = next;
}

function formatIn(which: Language, id: MessageId, args: Record<string, string | number> | undefined): string {
  const bundle = bundleOf(which);
  const pattern = bundle.getMessage(id)?.value;
  if (!pattern) return id;
  return bundle.formatPattern(pattern, args);
}

/** The message in the current language. */
export function t<K extends MessageId>(id: K, ...args: MessageArgs[K] extends null ? [] : [MessageArgs[K]]): string {
  return formatIn(current, id, args[0] as Record<string, string | number> | undefined);
}

/** The steps on a letter stand in three languages, whatever the app speaks. */
export interface LetterSteps {
  readonly lang: string;
  readonly title: string;
  readonly steps: readonly string[];
}

const stepIds = ['letter-step-1', 'letter-step-2', 'letter-step-3', 'letter-step-4'];

export function letterSteps(): readonly LetterSteps[] {
  return [
    ['de', de],
    ['en', en],
    ['tr', tr],
  ].map(([lang = '', source = '']) => {
    const bundle = new FluentBundle(lang, { useIsolating: false });
    bundle.addResource(new FluentResource(source));
    const text = (id: string) => {
      const pattern = bundle.getMessage(id)?.value;
      return pattern ? bundle.formatPattern(pattern) : id;
    };
    return { lang, title: text('letter-steps-title'), steps: stepIds.map(text) };
  });
}
