import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import { type MailServer, openMailServer } from './support/mail.ts';
import { book, heading, manageUrl, say, signIn } from './support/pages.ts';
import { freePort, temporaryFolder, until } from './support/processes.ts';
import { type Access, type RunningServer, startServer } from './support/server.ts';
import { demoTown, finestreta, MORNING } from './support/town.ts';

/** Vilaclara's neighbour: the same services under another name, from another hand. */
const neighbour = (): string =>
  demoTown()
    .replace(/^ {2}forms: .*\n/m, '') // they are Vilaclara's
    .replaceAll('Vilaclara', 'Montblau')
    .replaceAll('vilaclara', 'montblau')
    .replace('montblau/areas.geojson', 'vilaclara/areas.geojson') // the same districts
    .replaceAll('Oficina d’Atenció Ciutadana', 'Finestreta Única')
    .replaceAll('"#7a2e4d"', '"#1d4f2b"')
    .replace(
      '  contact:\n',
      '  look: { accent: { light: "#1d4f2b", dark: "#8fd0a4" } }\n  contact:\n',
    );

const ANNA = { name: 'Anna Ferrer', phone: '612 34 56 78', email: 'anna@example.org' };

describe.skipIf(!CHROME)('two towns in one process', () => {
  const folder = temporaryFolder();
  const towns = join(folder.path, 'towns');
  const dataDir = join(folder.path, 'data');
  let browser: Browser;
  let server: RunningServer;
  let mails: MailServer;
  let port: number;
  const origin = (town: string) => `http://${town}.localhost:${port}`;
  const env = () => ({
    ...{ TOWNS: towns, CLOCK: MORNING, SMTP_URL: mails.url },
    TOWN_FILE: join(towns, '{town}.yaml'),
  });

  beforeAll(async () => {
    browser = await openBrowser();
    mails = await openMailServer();
    port = await freePort();
    mkdirSync(towns);
    writeFileSync(join(towns, 'vilaclara.yaml'), demoTown());
    writeFileSync(join(towns, 'montblau.yaml'), neighbour());
    const files = {
      vilaclara: [],
      montblau: ['MAIL_FROM="Montblau <hola@montblau.example>"'],
      // Its database is away.
      riba: ['DATABASE_URL=postgres://nobody@127.0.0.1:1/riba'],
    };
    for (const [name, lines] of Object.entries(files))
      writeFileSync(
        join(towns, `${name}.env`),
        [`BASE_URL=${origin(name)}`, ...lines, ''].join('\n'),
      );
    server = await startServer({ dataDir, port, env: env() });
    await until(
      'both towns are open',
      () => server.output().match(/Finestreta is ready/g)?.length === 2,
    );
  });
  afterAll(async () => {
    await server?.stop();
    await mails?.[Symbol.asyncDispose]();
    await browser?.close();
    folder.remove();
  });

  async function as<T>(town: string, look: (page: Page) => Promise<T>): Promise<T> {
    await using visitor = await visit(browser, origin(town));
    const answer = await look(await visitor.context.newPage());
    expect(visitor.foreign).toEqual([]);
    return answer;
  }

  const accentOf = (page: Page) =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--accent'));

  /** Asks as whoever has only the address: not every machine's resolver knows names under localhost. */
  const ask = (host: string, path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; text: string; location: string }>((resolve, reject) => {
      request({ host: '127.0.0.1', port, path, headers: { Host: host, ...headers } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            text,
            location: answer.headers.location ?? '',
          }),
        );
      })
        .on('error', reject)
        .end();
    });
  const hostOf = (town: string) => new URL(origin(town)).host;
  const accessOf = async (town: string): Promise<Access> =>
    JSON.parse((await ask(hostOf(town), '/demo/access.json')).text);

  test('each has its name, its offices, its look, and says nothing of the other', async () => {
    const looks = await Promise.all(
      ['vilaclara', 'montblau'].map((town) =>
        as(town, async (page) => {
          await page.goto('/ca');
          const [text, own] = [await page.content(), await accentOf(page)];
          await page.goto('/ca/hisenda');
          return { text, own, office: await accentOf(page) };
        }),
      ),
    );
    expect(looks[0]?.text).toMatch(/Vilaclara/);
    expect(looks[0]?.text).not.toMatch(/Montblau|Finestreta Única/i);
    expect(looks[1]?.text).toMatch(/Finestreta Única/);
    expect(looks[1]?.text).not.toMatch(/Vilaclara/i);
    expect(looks.map((each) => each.own)).toEqual(['#0b5d66', '#1d4f2b']);
    expect(looks.map((each) => each.office)).toEqual(['#7a2e4d', '#1d4f2b']);
  });

  test('what is booked in one is there alone, and told from its own address', async () => {
    const path = await as('montblau', async (page) => {
      await book(page, ANNA, 0, { office: 'Finestreta Única' });
      return new URL(manageUrl(page)).pathname;
    });
    const mail = await mails.mailTo(ANNA.email, 1);
    expect(mail.from).toContain('hola@montblau.example');
    const hosts = new Set(mail.links.map((each) => new URL(each).host));
    expect([...hosts].sort()).toEqual([
      hostOf('montblau'),
      'www.montblau.example',
      'www.svisual.org',
    ]);
    expect(await as('montblau', async (page) => (await page.goto(path))?.status())).toBe(200);
    const nobodys = path.replace(/[^/]+$/, 'x'.repeat(22));
    const [there, unknown] = await Promise.all(
      [path, nobodys].map((each) => ask(hostOf('vilaclara'), each)),
    );
    expect([there?.status, unknown?.status]).toEqual([404, 404]);
    expect(there?.text.replaceAll(path.slice(3), nobodys.slice(3))).toBe(unknown?.text);
    const outbox = async (town: string) =>
      JSON.parse((await ask(hostOf(town), '/demo/outbox.json')).text) as unknown[];
    expect((await outbox('montblau')).length).toBeGreaterThan(0);
    expect(await outbox('vilaclara')).toEqual([]);
  });

  test('a session, a token and a password of one open nothing in the other', async () => {
    const there = await accessOf('montblau');
    const person = there.staff.find(
      ({ office, role }) => office === 'oac' && role === 'coordinator',
    );
    const cookies = await as('montblau', async (page) => {
      await signIn(page, there, person?.email ?? '');
      return (await page.context().cookies())
        .map(({ name, value }) => `${name}=${value}`)
        .join('; ');
    });
    const own = await ask(hostOf('montblau'), '/console/oac/board', { Cookie: cookies });
    const other = await ask(hostOf('vilaclara'), '/console/oac/board', { Cookie: cookies });
    expect(own.status).toBe(200);
    expect([other.status, other.location]).toEqual([303, expect.stringContaining('sign-in')]);

    const bearer = { Authorization: `Bearer ${there.tokens.oac}` };
    const list = (town: string) => ask(hostOf(town), '/api/v1/offices/oac/appointments', bearer);
    expect((await list('montblau')).status).toBe(200);
    expect((await list('vilaclara')).status).toBe(401);

    await as('vilaclara', async (page) => {
      await page.goto('/staff/sign-in');
      await page.getByLabel(say('staff.signIn.email')).fill(person?.email ?? '');
      await page.getByLabel(say('staff.signIn.password')).fill(person?.password ?? '');
      await page.getByRole('button', { name: say('staff.signIn.submit'), exact: true }).click();
      expect(await heading(page)).not.toBe(say('staff.code.title'));
      await expect.poll(() => page.url()).toContain('/staff/sign-in');
    });
  });

  test('one that can’t be opened is shut alone, and no other name is answered', async () => {
    const riba = await ask(hostOf('riba'), '/ca');
    expect(riba.status).toBe(503);
    expect((await ask(hostOf('riba'), '/readyz')).status).toBe(503);
    expect((await ask(hostOf('vilaclara'), '/readyz')).status).toBe(200);
    const foreign = await ask('cita.elsewhere.example', '/ca');
    expect(foreign.status).toBe(421);
    for (const { text } of [riba, foreign]) expect(text).not.toMatch(/vilaclara|montblau/i);
    expect(server.output()).toContain("This town can't be opened: DATABASE_URL: no PostgreSQL");
  });

  test('a command is about the one that it names, and is refused without', () => {
    const list = (...more: string[]) =>
      finestreta(['token', 'list', '--office', 'oac', ...more], dataDir, {
        ...env(),
        DEMO: '1',
        PORT: String(port),
      });
    expect(list('--town', 'montblau').code).toBe(0);
    const refused = list();
    expect([refused.code, refused.said]).toEqual([
      1,
      expect.stringContaining('say which with --town NAME or TOWN (montblau, riba, vilaclara)'),
    ]);
  });

  test('ends in good order, both databases too', async () => {
    expect(await server.stop()).toBe(0);
  });
});
