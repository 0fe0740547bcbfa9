import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser } from './support/browser.ts';
import { MARTA } from './support/console.ts';
import { timesOf } from './support/graph/mailbox.ts';
import { type GraphStandIn, graphStandIn } from './support/graph/standin.ts';
import { follow, press, say, seen, signIn } from './support/pages.ts';
import { freePort, until } from './support/processes.ts';
import { type RunningServer, startServer } from './support/server.ts';
import { MORNING } from './support/town.ts';

describe.skipIf(!CHROME)('a calendar of Microsoft 365, without a script', () => {
  let browser: Browser;
  let graph: GraphStandIn;
  let server: RunningServer;

  beforeAll(async () => {
    browser = await openBrowser();
    const port = await freePort();
    graph = await graphStandIn({ baseUrl: `http://localhost:${port}` });
    const { tenant, clientId, clientSecret, loginUrl, graphUrl } = graph.settings;
    server = await startServer({
      port,
      env: {
        CLOCK: MORNING,
        GRAPH_TENANT: tenant,
        GRAPH_CLIENT_ID: clientId,
        GRAPH_CLIENT_SECRET: clientSecret,
        GRAPH_LOGIN_URL: loginUrl,
        GRAPH_URL: graphUrl,
      },
    });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await graph?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  test('is connected by going to Microsoft and coming back, and its hours are on the day', async () => {
    const mailbox = graph.person('marta', 'Calendar', 'Birthdays');
    mailbox.put(timesOf('2026-11-25T10:00:00', '2026-11-25T11:00:00'));
    const context = await browser.newContext({
      javaScriptEnabled: false,
      locale: 'ca-ES',
      baseURL: server.baseUrl,
      viewport: { width: 360, height: 740 },
    });
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) refused.push(message.text());
    });
    await signIn(page, await server.access(), MARTA);
    await page.goto('/console/oac/calendars/own');
    await follow(page, say('calendars.kind.graph'));
    await press(page, say('calendars.graph.submit'));
    await follow(page, say('calendars.graph.go'));
    await page.getByLabel('Account').fill('marta');
    await press(page, 'Accept');
    // The way back leads from another site: the session comes along.
    await page.waitForURL('**/console/oac/calendars/own?done=connected');
    await page.getByLabel('Calendar', { exact: true }).check();
    await press(page, say('calendars.choose.submit'));
    await until('the calendar is read', async () => {
      await page.goto('/console/oac/calendars/own');
      return (await seen(page)).includes(say('calendars.state.works'));
    });
    await page.goto('/console/oac');
    await press(page, say('shortcuts.view.line'));
    expect(await seen(page)).toContain(say('calendars.busy'));
    expect(refused).toEqual([]);
    await context.close();
  });
});
