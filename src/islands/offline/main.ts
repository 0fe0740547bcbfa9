import { KEPT, offlineAddress } from './kept.ts';

/** Stores the offline page in the current language, and registers a worker that shows it. */
async function keep(): Promise<void> {
  const language = document.documentElement.lang;
  // The worker handles only the citizen's pages in this language: neither the console nor the API.
  await navigator.serviceWorker.register('/sw.js', { scope: `/${language}` });
  // Without cookies, so that the stored page doesn't name whoever is identified.
  const page = new Request(offlineAddress(language), { credentials: 'omit' });
  await (await caches.open(KEPT)).add(page);
}

// Without support the page works the same; a lost connection shows the browser's own message.
if ('serviceWorker' in navigator && 'caches' in window) {
  addEventListener('load', () => keep().catch(() => {}));
}
