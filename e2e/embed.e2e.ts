import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { heading } from './support/pages.ts';
import { axeFaults } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** A Wednesday, an hour before the first desk opens. */

/** A town's own website, under a policy as strict as such a script can be let into. */
async function openWebsite(town: Town): Promise<{ origin: string; server: Server }> {
  const at = town.origin;
  const policy = [
    "default-src 'none'",
    `script-src ${at}`,
    `connect-src ${at}`,
    "style-src 'self'",
    "base-uri 'none'",
    'img-src data:',
    "require-trusted-types-for 'script'",
  ].join('; ');
  const link = (href: string, more = '') =>
    `<p><a href="${href}" data-finestreta${more}>Cita</a></p>`;
  const page = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Vilaclara</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/own.css"></head><body><main><h1>Padró</h1>
<h2>Volant</h2>${link(`${at}/ca/oac/volant-padro`)}
${link(`${at}/es/oac/volant-padro/times?channel=video&amp;language=es`, '="5"')}
<h2>Retired</h2>${link(`${at}/ca/oac/no-such-thing`)}
<h2>Elsewhere</h2>${link('https://elsewhere.example/ca/oac/volant-padro')}
</main><script src="${at}/embed.js" async></script>
<script src="${at}/embed.js?pasted-twice" async></script></body></html>`;
  const server = createServer((request, response) => {
    const isPage = request.url === '/';
    response.writeHead(200, {
      'Content-Type': isPage ? 'text/html; charset=utf-8' : 'text/css',
      'Content-Security-Policy': policy,
      'Cross-Origin-Embedder-Policy': 'require-corp',
    });
    response.end(isPage ? page : '.finestreta-time { margin: 1rem }');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, server };
}

/** Records the violations of a page's policy, from its first moment on. */
function noteViolations(): void {
  const noted: string[] = [];
  Object.assign(window, { noted });
  document.addEventListener('securitypolicyviolation', (event) =>
    noted.push(`${event.violatedDirective} ${event.blockedURI}`),
  );
}

describe.skipIf(!CHROME)("a town's own website", () => {
  let browser: Browser;
  let town: Town;
  let website: Awaited<ReturnType<typeof openWebsite>>;
  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
    website = await openWebsite(town);
  });
  afterAll(async () => {
    website?.server.close();
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  async function open(prepare: (context: BrowserContext) => Promise<void> = async () => {}) {
    const context = await browser.newContext({ timezoneId: 'America/New_York' });
    await context.addInitScript(noteViolations);
    await prepare(context);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(website.origin);
    const violations = () => page.evaluate(() => (window as unknown as { noted: string[] }).noted);
    return { page, errors, violations, [Symbol.asyncDispose]: () => context.close() };
  }

  const boxes = (page: Page) => page.locator('.finestreta-box');

  test('shows the first times once under each link, in the words and the language of its address', async () => {
    await using opened = await open();
    const { page, errors, violations } = opened;
    await boxes(page).nth(1).waitFor();
    expect(await boxes(page).count()).toBe(2);
    const [first, second] = [boxes(page).nth(0), boxes(page).nth(1)];
    expect(await first.getAttribute('lang')).toBe('ca');
    expect(await second.getAttribute('lang')).toBe('es');
    expect(await first.getByRole('listitem').count()).toBe(3);
    expect(await second.getByRole('listitem').count()).toBe(5);
    expect(await first.ariaSnapshot()).toMatch(
      /heading "Volant de padró: primeres hores lliures" \[level=3\]/,
    );
    // The second link has the same heading above it as the first.
    expect(await second.ariaSnapshot()).toMatch(/heading "Volante de [^"]+" \[level=3\]/);
    expect(await first.getByRole('listitem').first().textContent()).toMatch(
      /^dimecres, 25 de novembre, 8:\d0$/,
    );
    expect(await second.textContent()).toContain('Videollamada, 20 minutos');
    expect(await violations()).toEqual([]);
    expect(errors).toEqual([]);
    expect(
      await page.evaluate(() => Object.keys(window).filter((each) => /finestreta/i.test(each))),
    ).toEqual([]);
  });

  test('its links lead to the times that they name', async () => {
    await using opened = await open();
    const { page } = opened;
    const link = page.locator('.finestreta-box[lang="ca"]').getByRole('link').first();
    const named = (await link.textContent()) ?? '';
    await link.click();
    expect(await heading(page)).toContain('Tria dia i hora');
    const chosen = page.locator('.days input:checked');
    expect(await chosen.getAttribute('aria-label')).toBe(named);
    expect(await chosen.isVisible()).toBe(true);
  });

  test('is nothing that a scanner finds wrong', async () => {
    await using opened = await open();
    await boxes(opened.page).nth(1).waitFor();
    const other = await browser.newContext({ bypassCSP: true });
    const page = await other.newPage();
    await page.goto(website.origin);
    await boxes(page).nth(1).waitFor();
    expect(await axeFaults(page)).toEqual([]);
    await other.close();
  });

  test.each([
    [
      'the script is refused',
      (context: BrowserContext) => context.route('**/embed.js*', (r) => r.abort()),
    ],
    [
      'the times are refused',
      (context: BrowserContext) => context.route('**/embed/**', (r) => r.abort()),
    ],
    [
      'the answer is none',
      (context: BrowserContext) =>
        context.route('**/embed/**', (r) => r.fulfill({ status: 200, body: '<!doctype html>' })),
    ],
  ])('where %s, the links are there and work', async (_, prepare) => {
    await using opened = await open(async (context) => {
      await prepare(context);
    });
    const { page, errors } = opened;
    await page.waitForLoadState('networkidle');
    expect(await boxes(page).count()).toBe(0);
    expect(errors).toEqual([]);
    await page.getByRole('link', { name: 'Cita' }).first().click();
    expect(await heading(page)).toBe('Volant de padró');
  });

  test('no other address, nor any markup, gets in by an answer', async () => {
    await using opened = await open(async (context) => {
      await context.route('**/embed/ca/**', (route) =>
        route.fulfill({
          headers: {
            'Access-Control-Allow-Origin': '*',
            'Cross-Origin-Resource-Policy': 'cross-origin',
          },
          json: {
            lang: 'ca',
            title: '<img src=x onerror=alert(1)>',
            how: '',
            times: [{ start: '', text: 'Ara', href: 'javascript:alert(1)' }],
            none: null,
            more: { text: 'Més', href: 'https://evil.example/' },
          },
        }),
      );
    });
    const { page, violations } = opened;
    await boxes(page).nth(1).waitFor();
    const hrefs = await boxes(page)
      .first()
      .getByRole('link')
      .evaluateAll((links) => links.map((each) => (each as HTMLAnchorElement).href));
    expect(hrefs).toEqual([`${town.origin}/`, `${town.origin}/`]);
    expect(await boxes(page).first().locator('img').count()).toBe(0);
    expect(await violations()).toEqual([]);
  });

  test('weighs less than 3 kB, keeps its address, and contains no personal data', async () => {
    const script = await fetch(`${town.origin}/embed.js`);
    expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(script.headers.get('cache-control')).toMatch(/max-age=\d{4,}/);
    expect(gzipSync(await script.text(), { level: 9 }).byteLength).toBeLessThan(3000);
    const page = await fetch(`${town.origin}/ca`);
    expect(page.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
  });
});
