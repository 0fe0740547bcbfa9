import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, NO_CHROME, openBrowser } from './support/browser.ts';

/** The page of the departure, with the built island, and what was posted from it. */
const posted: string[] = [];
let server: Server;
let base: string;
let browser: Awaited<ReturnType<typeof openBrowser>>;

const REQUEST = { protocol: 'openid4vp-v1-signed', data: { request: 'e30.e30.c2ln' } };

function page(): string {
  const manifest = JSON.parse(readFileSync('dist/public/manifest.json', 'utf8'));
  const { file } = manifest['src/islands/wallet/main.ts'];
  return `<!doctype html><html lang="en"><title>Wallet</title>
    <p role="status" data-wallet-status data-waiting="One moment" data-cancelled="You stopped" data-failed="It failed"></p>
    <a data-wallet-link href="#opened">Open my wallet</a>
    <form action="/answer/att1" method="post" hidden data-wallet='${JSON.stringify(REQUEST)}'><button>Ask here</button></form>
    <script type="module" src="/${file}"></script></html>`;
}

beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (request.method === 'POST') {
      const parts = await Array.fromAsync(request as AsyncIterable<Buffer>);
      posted.push(`${request.url} ${Buffer.concat(parts)}`);
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify({ redirect_uri: `${base}taken` }));
    } else if (request.url === '/taken') {
      response.end('taken');
    } else if (request.url?.startsWith('/assets/')) {
      response.setHeader('Content-Type', 'text/javascript');
      response.end(readFileSync(`dist/public${request.url}`));
    } else {
      response.setHeader('Content-Type', 'text/html');
      response.end(page());
    }
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  if (CHROME) browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  server.close();
});

/** Opens the page in a browser whose wallet the test plays: `get` is the source of a function. */
async function opened(get: string | null): Promise<Page> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.addInitScript(`
    window.asked = [];
    window.DigitalCredential = ${get ? 'class {}' : 'undefined'};
    if (!${get !== null}) delete window.DigitalCredential;
    Object.defineProperty(navigator, 'credentials', { value: { get: ${get ?? 'undefined'} } });
  `);
  await tab.goto(base);
  return tab;
}
const status = (tab: Page) => tab.locator('[data-wallet-status]');

describe.skipIf(!CHROME)(`the wallet's page${CHROME ? '' : ` (${NO_CHROME})`}`, () => {
  test('without the API there is the link alone, which says that the wallet is in front', async () => {
    const tab = await opened(null);
    expect(await tab.getByRole('button').count()).toBe(0);
    await tab.getByRole('link', { name: 'Open my wallet' }).click();
    await status(tab).getByText('One moment').waitFor();
  });

  test('a refusal is said, and the second press sends the answer', async () => {
    const tab = await opened(`async (options) => {
      window.asked.push(JSON.stringify(options.digital));
      if (window.asked.length === 1) throw new DOMException('no', 'NotAllowedError');
      return { protocol: '${REQUEST.protocol}', data: { response: 'a.b.c.d.e' } };
    }`);
    await tab.getByRole('button', { name: 'Ask here' }).click();
    await status(tab).getByText('You stopped').waitFor();
    expect(posted).toEqual([]);
    expect(await tab.evaluate('window.asked')).toEqual([JSON.stringify({ requests: [REQUEST] })]);
    await tab.getByRole('button', { name: 'Ask here' }).click();
    await tab.getByText('taken').waitFor();
    expect(posted).toEqual(['/answer/att1 response=a.b.c.d.e']);
  });

  test('while the wallet is in front the page says one moment, and a second press asks anew', async () => {
    const tab = await opened(`(options) => new Promise((resolve, reject) => {
      window.asked.push('');
      options.signal.addEventListener('abort', () => reject(options.signal.reason));
    })`);
    const button = tab.getByRole('button', { name: 'Ask here' });
    await button.click();
    await status(tab).getByText('One moment').waitFor();
    await button.click();
    await tab.waitForFunction('window.asked.length === 2');
    expect(await status(tab).textContent()).toBe('One moment');
  });

  test('what is no answer is said', async () => {
    const tab = await opened(`async () => ({ protocol: 'other', data: {} })`);
    await tab.getByRole('button', { name: 'Ask here' }).click();
    await status(tab).getByText('It failed').waitFor();
  });
});
