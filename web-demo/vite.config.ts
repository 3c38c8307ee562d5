/**
 * @file Builds the app into `dist/`: hashed asset names, nothing inlined (the relay's content security policy allows neither
 * inline code nor `data:` fonts), no third-party origin.
 */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig } from 'vitest/config';
import manifest from './package.json' with { type: 'json' };

/** The service worker refuses to precache beyond this; the WASM module's own budget lies far below. */
const precacheFileBytesMax = 6 * 1024 * 1024;

export default defineConfig({
  define: { __NESTPOST_VERSION__: JSON.stringify(manifest.version) },
  plugins: [
    svelte(),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'src',
      filename: 'service-worker.ts',
      injectRegister: false,
      registerType: 'prompt',
      manifest: {
        id: '/',
        name: 'Nestpost',
        short_name: 'Nestpost',
        description: 'Nachrichten zwischen Kita und Familie. Niemand dazwischen kann sie lesen.',
        lang: 'de',
        dir: 'ltr',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#faf6ee',
        theme_color: '#faf6ee',
        categories: ['education', 'productivity'],
        icons: [
          { src: '/icons/icon.svg', sizes: 'any', type: 'image/svg+xml' },
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      injectManifest: {
        globPatterns: ['**/*.{html,js,css,woff2,wasm,svg,png}'],
        // The QR reader is needed once, on devices without one of their own; Cyrillic glyphs come when they are asked for.
        globIgnores: ['**/zxing_reader*', '**/reader-*', '**/noto-sans-cyrillic*'],
        maximumFileSizeToCacheInBytes: precacheFileBytesMax,
      },
    }),
  ],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  test: {
    projects: [
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: {
          name: 'unit',
          environment: 'happy-dom',
          include: ['src/**/*.test.ts', 'test/unit/**/*.test.ts'],
          // A PIN is stretched on purpose, and a machine may have something else to do.
          testTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          // Most of their time is waiting: two at once, on two cores, take two thirds of the time.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        // Not a test: makes the folders that later versions open. `npm run fixture`.
        extends: true,
        test: { name: 'fixture', environment: 'node', include: ['test/fixture/make.ts'], testTimeout: 300_000 },
      },
    ],
  },
});
