import type { Browser, Page } from 'playwright-core';

export type Step = (page: Page) => Promise<unknown>;
/** Name, scene, place, steps. */
export const screens: readonly (readonly [string, string, string, readonly Step[]])[];
export function launch(): Promise<Browser>;
/** As the relay sends it. */
export function contentSecurityPolicy(): string;
export function serveGallery(): Promise<{ readonly server: { close(): Promise<void> }; readonly origin: string }>;
