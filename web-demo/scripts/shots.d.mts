import type { Browser, Page } from 'playwright-core';

export type Step = (page: Page) => Promise<unknown>;
/** Name, scene, place, steps. */
export const screens: readonly (readonly [string, string, string, readonly Step[]])[];
/** Chooses small sample files of these names on the sheet that shows pictures. */
export function choose(names: readonly string[]): Step;
/** Attaches them to a message or bulletin. */
export function attach(names: readonly string[]): Step;
/** Opens the picture of that number over the page. */
export function openPicture(index: number): Step;
/** Runs in the page: text of that size, in percent. */
export function enlarge(percent: number): void;
export function launch(): Promise<Browser>;
/** As the relay sends it. */
export function contentSecurityPolicy(): string;
export function serveGallery(): Promise<{ readonly server: { close(): Promise<void> }; readonly origin: string }>;
