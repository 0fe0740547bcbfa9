/**
 * `/sw.js`: shows the stored page when a citizen's page can't be fetched without a connection. It handles no form, no script and no staff
 * page, and stores no responses.
 */
import { KEPT, languageOf, offlineAddress } from './kept.ts';

interface Lasting extends Event {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetching extends Event {
  request: Request;
  preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
}

interface Worker {
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
  skipWaiting(): Promise<void>;
  registration: { navigationPreload?: { enable(): Promise<void> } };
}

const worker = globalThis as unknown as Worker;

async function start(): Promise<void> {
  // Lets the browser request the page while the worker starts, so that the start adds no delay.
  await worker.registration.navigationPreload?.enable();
  const names = (await caches.keys()).filter((each) => each.startsWith('finestreta-'));
  await Promise.all(names.filter((each) => each !== KEPT).map((each) => caches.delete(each)));
}

async function answer({ request, preloadResponse }: Fetching, language: string): Promise<Response> {
  try {
    return (await preloadResponse) ?? (await fetch(request));
  } catch (error) {
    const cache = await caches.open(KEPT);
    const kept = (await cache.match(offlineAddress(language))) ?? (await anyOf(cache));
    if (kept) return kept;
    throw error;
  }
}

async function anyOf(cache: Cache): Promise<Response | undefined> {
  const first = (await cache.keys())[0];
  return first && cache.match(first);
}

worker.addEventListener('install', (event) => event.waitUntil(worker.skipWaiting()));
worker.addEventListener('activate', (event) => event.waitUntil(start()));
worker.addEventListener('fetch', (event) => {
  const { mode, method, url } = event.request;
  const language = mode === 'navigate' && method === 'GET' ? languageOf(url) : undefined;
  if (language) event.respondWith(answer(event, language));
});
