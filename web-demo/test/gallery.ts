/**
 * @file The app's screens over sample data, for looking at them while they are being made: `npm run dev`, then
 * `/test/gallery.html?scene=parent`. Scenes are the keys of `scenes`. Never part of a build.
 */
import { mount } from 'svelte';
import App from '../src/ui/App.svelte';
import '../src/ui/styles/app.css';
import { languages, setLanguage } from '../src/i18n/i18n.svelte';
import { install } from '../src/ui/state/install.svelte';
import { startPreferences } from '../src/ui/state/preferences.svelte';
import { createFixtureClient } from './fixture-client';
import { isScene, type Scene } from './fixture-scenes';

const wanted = new URLSearchParams(location.search).get('scene') ?? 'parent';
const scene: Scene = isScene(wanted) ? wanted : 'parent';
startPreferences();
install.start();
const target = document.getElementById('app');
if (target) mount(App, { target, props: { client: createFixtureClient(scene) } });

/** Another language on the same screen, with everything on it as it is: `speak` tells which. */
window.addEventListener('speak', (event) => {
  const language = languages.find((one) => event instanceof CustomEvent && event.detail === one);
  if (language) setLanguage(language);
});
