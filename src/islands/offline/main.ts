import { KEPT, offlineAddress } from './kept.ts';

/** Keeps the page for when there is no connection, in the language that is being read, and has a worker show it then. */
async function keep(): Promise<void> {
  const language = document.documentElement.lang;
  // Nothing beyond the citizen's pages in this language passes through the worker: neither the console nor the API.
  await navigator.serviceWorker.register('/sw.js', { scope: `/${language}` });
  await (await caches.open(KEPT)).add(offlineAddress(language));
}

// Without either, the page is as good; only a lost connection is told by the browser's own words.
if ('serviceWorker' in navigator && 'caches' in window) {
  addEventListener('load', () => keep().catch(() => {}));
}
