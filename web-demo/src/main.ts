/** @file Entry of the page: preferences, the engine's client, the first screen, the service worker. */
import { mount } from 'svelte';
import { createEngineClient } from './engine/client';
import App from './ui/App.svelte';
import StartFailed from './ui/screens/StartFailed.svelte';
import './ui/styles/app.css';
import { install } from './ui/state/install.svelte';
import { startPreferences } from './ui/state/preferences.svelte';
import { updates } from './ui/state/updates.svelte';

async function start(target: HTMLElement): Promise<void> {
  startPreferences();
  install.start();
  try {
    mount(App, { target, props: { client: await createEngineClient() } });
  } catch (thrown) {
    mount(StartFailed, { target, props: { thrown } });
  }
  if (import.meta.env.PROD) void updates.start('/service-worker.js');
}

const target = document.getElementById('app');
if (target) void start(target);
