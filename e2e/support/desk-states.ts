import { addressOf } from '../../src/formats/town-file/look/logo.ts';
import { PIXEL } from '../../src/formats/town-file/testing.ts';
import { INSTALLATION, within } from '../../src/lib/db/database.ts';
import type { Language } from '../../src/lib/i18n/languages.ts';
import { PROCEDURE_PARTS, procedurePath } from '../../src/web/admin/procedures/fields.ts';
import { SECTIONS } from '../../src/web/admin/sections.ts';
import { deskActStates } from './act-states.ts';
import { type Client, type Sent, signedIn } from './client.ts';
import { MARTA } from './console.ts';
import { deskDocumentStates } from './document-states.ts';
import { paymentStates } from './forms/pay-states.ts';
import { busyStates, calendarStates } from './scanning/calendar-states.ts';
import { colleagueStates } from './scanning/colleague-states.ts';
import { requestStates } from './scanning/request-states.ts';
import { keepingVersions } from './scanning/version-states.ts';
import type { Someone } from './states.ts';
import type { Town } from './town.ts';

type Ask = (client: Client, language: Language) => Promise<Sent>;
/** Sees a page in every language. */
export type Every = (name: string, ask: Ask) => Promise<void>;

/** Returns what sees pages of the console in every language, as whoever is signed in. */
export const everyOf =
  (people: readonly Someone[], client: Client): Every =>
  async (name, ask) => {
    for (const { language, see } of people) {
      client.cookies.set('staff_language', language);
      await see(`console ${name}`, ask(client, language));
    }
  };

/**
 * The work at the desk, of coordinators and administrators, and on the own account: every page of it that nothing is
 * changed by. `coordinator`: who is signed in already. `one`: the page of an appointment that is booked.
 */
export async function deskStates(
  people: readonly Someone[],
  town: Town,
  coordinator: Client,
  one: string,
): Promise<void> {
  const access = await town.server.access();
  const by = (client: Client) => everyOf(people, client);
  const as = async (email: string) =>
    by(await signedIn(town, access, `${email}@vilaclara.example`));
  const agent = await as('jordi.puig');
  await forCitizens(agent, one);
  await oneself(agent);
  await coordinating(by(coordinator), one);
  const mayor = await as('alcaldia');
  await mayor('month of the town', (client) => client.get('/staff/month'));
  await deskDocumentStates(by(coordinator), town);
  await deskActStates(by(coordinator), town);
  const marta = await signedIn(town, access, MARTA);
  await colleagueStates(
    { client: coordinator, every: by(coordinator) },
    { client: marta, every: by(marta) },
    town,
  );
  const administrator = await as('albert.serra');
  await requestStates(by(coordinator));
  await paymentStates(administrator);
  await administering(administrator);
  await calendarStates(administrator, town);
  await busyStates(by(coordinator), coordinator);
  await importing(administrator);
  await declaring(administrator);
  await keepingVersions(administrator);
  // The demo's operator has no log-in that is shown.
  await town.operate(({ database }) =>
    within(database.kysely, INSTALLATION, (tx) =>
      tx
        .updateTable('staff')
        .set({ operator: true })
        .where('email', '=', 'albert.serra@vilaclara.example')
        .execute(),
    ),
  );
  await operating(administrator);
  await town.operate(({ staff }) =>
    staff.transaction((client) =>
      client.query(
        `update session set "confirmedAt" = now() - interval '1 hour'
         where "userId" = (select id from "user" where email = 'albert.serra@vilaclara.example')`,
      ),
    ),
  );
  await confirming(administrator);
}

/** Another tool's file: what would come of it. */
async function importing(every: Every): Promise<void> {
  const page = '/console/oac/admin/import';
  const chosen = (text: string) => {
    const body = new FormData();
    body.set('act', 'look');
    body.set('source', 'cites');
    body.set('file', new Blob([text]), 'cites.csv');
    return body;
  };
  const file =
    'id;nom;telèfon;data;tràmit\n1;Rosa Soler;612345678;01/12/2027 10:00;volant-padro\n2;אורלי כהן;;01/12/2027 10:00;Cadastre\n';
  await every('import', (client) => client.get(page));
  await every('import: no appointments', (client) => client.send(page, chosen('a;b\n1;2')));
  await every('import: a plan', (client) => client.send(page, chosen(file)));
}

/** The actions that need a recent second factor, requested without one. */
async function confirming(every: Every): Promise<void> {
  const tokens = '/console/oac/admin/tokens';
  await every('confirm', (client) => client.post(tokens, { name: 'CRM', scopes: 'slots:read' }));
  await every('confirm: errors', (client) =>
    client.post(tokens, { name: 'CRM', scopes: 'slots:read', code: '0' }),
  );
}

async function forCitizens(every: Every, one: string): Promise<void> {
  const search = '/console/oac/search';
  await every('search', (client) => client.get(search));
  await every('search: too short', (client) => client.get(`${search}?q=a`));
  await every('search: nobody', (client) => client.get(`${search}?q=zzzz`));
  await every('search: many', (client) => client.get(`${search}?q=maria`));
  const book = '/console/oac/book';
  const choice = { procedure: 'volant-padro', channel: 'phone', language: 'ca' };
  await every('book', (client) => client.get(book));
  await every('book: of what', (client) => client.get(`${book}?procedure=`));
  await every('book: times', (client) => client.get(`${book}?${new URLSearchParams(choice)}`));
  await every('book: who calls', (client) => client.get(`${book}?phone=600123456`));
  await every('book: no number', (client) => client.get(`${book}?phone=12`));
  await every('book: errors', (client) =>
    client.post(book, { ...choice, action: 'book', name: '', phone: '61', email: 'x@' }),
  );
  const serve = '/console/oac/serve';
  await every('form for somebody', (client) => client.get(serve));
  await every('form for somebody: errors', (client) => client.post(serve, { phone: '61' }));
  const id = one.split('/').at(-1) ?? '';
  await every('book: another', (client) => client.get(`${book}?like=${id}`));
  await every('move', (client) => client.get(`${one}/move`));
  await every('move: errors', (client) => client.post(`${one}/move`, { channel: 'phone' }));
  await every('contact', (client) => client.get(`${one}/contact`));
  await every('contact: errors', (client) => client.post(`${one}/contact`, { name: '' }));
  await every('print', (client) => client.get(`${one}/print`));
}

async function oneself(every: Every): Promise<void> {
  const account = '/staff/account';
  await every('account', (client) => client.get(account));
  for (const page of ['confirm', 'passkey', 'authenticator', 'codes', 'password', 'nif'])
    await every(`account: ${page}`, (client) => client.get(`${account}/${page}`));
  await every('account: errors', (client) => client.post(`${account}/password`, {}));
  await every('account: nif errors', (client) => client.post(`${account}/nif`, { nif: '1' }));
  await every('alerts', (client) => client.get('/staff/alerts'));
  await every('keys', (client) => client.get('/staff/keys'));
  await every('keys: errors', (client) =>
    client.post('/staff/keys', { do: 'save', 'key-next': 'b', 'key-book': 'b' }),
  );
}

async function coordinating(every: Every, one: string): Promise<void> {
  const audit = '/console/oac/audit';
  await every('audit', (client) => client.get(audit));
  await every('audit: nothing', (client) => client.get(`${audit}?reference=ZZZ-ZZZ`));
  const figures = '/console/oac/figures';
  await every('figures', (client) => client.get(figures));
  await every('figures: nothing', (client) =>
    client.get(`${figures}?from=2101-01-01&to=2101-01-02`),
  );
  await every('figures: a month', (client) => client.get(`${figures}/month`));
  await every('figures import', (client) => client.get(`${figures}/import`));
  await every('figures comments', (client) => client.get(`${figures}/comments`));
  await every('calls', (client) => client.get('/console/oac/calls?by=month'));
  const planning = '/console/oac/planning';
  await every('planning: nothing known', (client) => client.get(planning));
  await every('planning', (client) =>
    client.get(`${planning}?phone=300&video=60&calls=4&overbooking=30&replay=1`),
  );
  await every('planning: errors', (client) => client.get(`${planning}?phone=x&days=0`));
  await every('board', (client) => client.get('/console/oac/board'));
  await every('board: choosing', (client) => client.get('/console/oac/board?choose=1'));
  await every('board: empty', (client) => client.get('/console/oac/board?day=2027-01-06'));
  await every('several: none', (client) => client.post('/console/oac/board/several', {}));
  for (const action of ['reassign', 'displace', 'cancel'])
    await every(`several: ${action}`, async (client) => {
      const { html } = await client.get('/console/oac/board?choose=1');
      const [, chosen = ''] = /name="one" value="([^"]+)"/.exec(html) ?? [];
      return client.post('/console/oac/board/several', { one: chosen, action });
    });
  await every('now', (client) => client.get('/console/oac/now'));
  await every('now: a part', (client) =>
    client.get('/console/oac/now?procedure=volant-padro&channel=video'),
  );
  await every('now: on a wall', (client) => client.get('/console/oac/now?wall=1'));
  const away = '/console/oac/desk-away';
  await every('desk away', (client) => client.get(away));
  await every('desk away: errors', (client) => client.post(away, { desk: '', from: 'x', to: '' }));
  await every('desk away: what will happen', async (client) => {
    const { html } = await client.get(away);
    const [, desk = ''] = /<option value="(\d+)"/.exec(html) ?? [];
    return client.post(away, { desk, from: '2026-12-02T08:00', to: '2026-12-02T15:00', why: '' });
  });
  const close = '/console/oac/close';
  await every('close the office', (client) => client.get(close));
  await every('close the office: errors', (client) => client.post(close, { from: 'x', to: '' }));
  await every('close the office: what will happen', (client) =>
    client.post(close, { from: '2026-12-02T08:00', to: '2026-12-02T15:00', why: '' }),
  );
  await rota(every);
  const late = '/console/oac/late';
  await every('late', (client) => client.get(late));
  await every('late: errors', (client) => client.post(late, { desk: '', minutes: 'x' }));
  await every('another desk', (client) => client.get(`${one}/desk`));
  await every('another desk: errors', (client) => client.post(`${one}/desk`, {}));
  await every('people', (client) => client.get('/console/oac/people'));
}

async function rota(every: Every): Promise<void> {
  const week = '/console/oac/rota';
  await every('rota', (client) => client.get(`${week}?week=2026-W50`));
  await every('rota: over', (client) => client.get(`${week}?week=2026-W40`));
  await every('rota: nobody', (client) => client.get(`${week}?q=zzz`));
  for (const page of ['shift', 'absence', 'swap', 'copy', 'import'])
    await every(`rota: ${page}`, (client) => client.get(`${week}/${page}`));
  for (const page of ['shift', 'absence', 'swap', 'copy'])
    await every(`rota: ${page}, errors`, (client) => client.post(`${week}/${page}`, {}));
  await every('rota: a shift that is there', async (client) => {
    const { html } = await client.get(week);
    const [, query = ''] = /rota\/shift\?(day=[\d-]+&amp;shift=\d+)/.exec(html) ?? [];
    return client.get(`${week}/shift?${query.replace('&amp;', '&')}`);
  });
  await every('rota: what would happen', async (client) => {
    const { html } = await client.get(`${week}/absence`);
    const [, desk = ''] = /<option value="(\d+)"/.exec(html) ?? [];
    const span = { from: '2026-12-02T08:00', to: '2026-12-02T15:00' };
    return client.post(`${week}/absence`, { desk, ...span, why: '' });
  });
}

async function administering(every: Every): Promise<void> {
  const webhooks = '/console/oac/webhooks';
  await every('webhooks', (client) => client.get(webhooks));
  await every('webhooks: errors', (client) => client.post(webhooks, { url: 'ftp://x' }));
  let webhook = '';
  await every('webhook', async (client) => {
    if (!webhook)
      webhook = (
        await client.post(webhooks, { url: 'https://example.org/hook', kinds: ['booked', 'moved'] })
      ).path;
    return client.get(webhook.replace(/\?.*/, ''));
  });
  await every('webhook: secret', (client) =>
    client.post(webhook.replace(/\?.*/, ''), { act: 'secret' }),
  );
  const list = '/console/oac/people';
  await every('people: all of them', (client) => client.get(list));
  await every('people: errors', (client) => client.post(list, { email: 'x', name: '' }));
  const person = async (client: Client) => {
    const { html } = await client.get(list);
    return `${list}/${/people\/(\d+)"/.exec(html)?.[1] ?? ''}`;
  };
  await every('person', async (client) => client.get(await person(client)));
  for (const page of ['again', 'end'])
    await every(`person: ${page}`, async (client) => client.get(`${await person(client)}/${page}`));
  // The first of the list is the administrator, whose own sessions and NIF are on other pages.
  const another = async (client: Client) => {
    const { html } = await client.get(list);
    const [, other] = [...html.matchAll(/people\/(\d+)"/g)];
    return `${list}/${other?.[1] ?? ''}`;
  };
  for (const page of ['sessions', 'nif'])
    await every(`person: ${page}`, async (client) =>
      client.get(`${await another(client)}/${page}`),
    );
  await every('person: nif errors', async (client) =>
    client.post(`${await another(client)}/nif`, { nif: '1' }),
  );
}

/** An office's declaration: every form as it is, and as it returns. */
async function declaring(every: Every): Promise<void> {
  const admin = '/console/oac/admin';
  const parts = PROCEDURE_PARTS.map((each) => procedurePath('volant-padro', each));
  const pages = ['procedures', ...parts, 'new-procedure', 'desks', 'new-desk'];
  const wording = [
    'wording',
    ...['cancellation', 'late', 'waiting'].map((each) => `wording?kind=${each}`),
  ];
  await every('admin', (client) => client.get(admin));
  const asking = 'procedures/volant-padro/retire';
  for (const page of [...pages, ...SECTIONS, 'desks/taula-5', 'tokens', asking, ...wording])
    await every(`admin: ${page}`, (client) => client.get(`${admin}/${page}`));
  await every('admin: wording, errors', (client) =>
    client.post(`${admin}/wording?kind=late`, {
      act: 'look-at',
      'sms-phone-ca': 'x',
      'note-ca': '{x}',
    }),
  );
  await every('admin: token errors', (client) =>
    client.post(`${admin}/tokens`, { name: '', lastDay: '2020-01-01', networks: 'x' }),
  );
  await every('admin: a document more', (client) =>
    client.post(`${admin}/procedures/volant-padro/documents`, { act: 'add:documents' }),
  );
  await every('admin: new procedure, errors', async (client) => {
    const { html } = await client.get(`${admin}/new-procedure`);
    const [, was = ''] = /name="was" value="([^"]+)"/.exec(html) ?? [];
    return client.post(`${admin}/new-procedure`, { act: 'save', was, 'channels-phone': 'x' });
  });
  await every('admin: a period that becomes shorter', async (client) => {
    const { html } = await client.get(`${admin}/retention`);
    const [, was = ''] = /name="was" value="([^"]+)"/.exec(html) ?? [];
    return client.post(`${admin}/retention`, { act: 'save', was, 'retention-notesDays': '1' });
  });
  await every('admin: look, errors', async (client) => {
    const { html } = await client.get(`${admin}/look`);
    const [, was = ''] = /name="was" value="([^"]+)"/.exec(html) ?? [];
    const look = { 'look-accent-light': '#ffcc00', 'look-accent-dark': '#6cc5cf' };
    return client.post(`${admin}/look`, { act: 'save', was, ...look });
  });
  await every('admin: a logo that is to be saved', (client) =>
    client.post(`${admin}/look`, { act: 'look-at', 'look-logo-url-kept': addressOf(PIXEL) }),
  );
  await every('admin: a logo, errors', (client) =>
    client.post(`${admin}/look`, { act: 'look-at', 'look-logo-url-kept': 'data:text/plain,x' }),
  );
  await every('admin: changed meanwhile', (client) =>
    client.post(`${admin}/notices`, { act: 'save', was: 'x', 'notices-perDay': '12' }),
  );
}

async function operating(every: Every): Promise<void> {
  const list = '/staff/people';
  const page = '/staff/operation';
  await every('operation', (client) => client.get(page));
  await every('operation: errors', (client) => client.post(page, { channel: 'email', email: 'x' }));
  await every('everybody', (client) => client.get(list));
  await every('everybody: errors', (client) => client.post(list, { email: 'x' }));
  for (const page of ['again', 'sessions', 'nif', 'retire'])
    await every(`person: ${page}, everywhere`, async (client) => {
      const { html } = await client.get(list);
      const [path = ''] = new RegExp(`${list}/\\d+/${page}`).exec(html) ?? [];
      return client.get(path);
    });
}
