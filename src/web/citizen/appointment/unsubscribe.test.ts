import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stopToken } from '../../../features/foundation/notices/links.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { LANGUAGES } from '../../../lib/i18n/languages.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { faultsOf, type TestTown, testTown } from '../testing.ts';

const key = installationKey(Buffer.alloc(32, 7));
let town: TestTown;
let reminder: string;
let confirmation: string;

beforeAll(async () => {
  town = await testTown();
  const office = await town.deps.offices.find('oac');
  if (!office) throw new Error('No office');
  const booked = await town.deps.appointments.book({ kind: 'citizen' }, office, {
    procedure: 'volant-padro',
    channel: 'phone',
    language: 'ca',
    noticeLanguage: 'ca',
    start: Temporal.Instant.from('2026-12-09T09:20:00+01:00'),
    citizen: { name: 'Marta Puig', email: 'marta@example.org', phone: '+34600000001' },
    onBehalfOf: null,
    needs: [],
    comment: '',
  });
  if (!booked.ok) throw new Error(booked.reason);
  const rows = await within(town.database.kysely, INSTALLATION, (tx) =>
    tx.selectFrom('notice').select(['id', 'kind']).execute(),
  );
  const tokenOf = (kind: string) =>
    stopToken(key, rows.find((each) => each.kind === kind)?.id ?? '');
  reminder = `notices/${tokenOf('reminder')}`;
  confirmation = `notices/${tokenOf('confirmation')}`;
});
afterAll(() => town.close());

const muted = () =>
  within(town.database.kysely, INSTALLATION, (tx) => tx.selectFrom('muted').selectAll().execute());

describe('unsubscribing from reminders', () => {
  it('changes nothing when it is opened, in any language, and is valid', async () => {
    for (const language of LANGUAGES) {
      const page = await town.get(`/${language}/${reminder}`);
      expect(page.status).toBe(200);
      expect(await faultsOf(page.html)).toEqual([]);
      expect(page.html).not.toContain('marta');
      expect(page.headers.get('Cache-Control')).toBe('no-store');
    }
    expect(await muted()).toEqual([]);
  });

  it('stops the reminders with one button, and starts them again with another', async () => {
    const stopped = await town.submit(`/ca/${reminder}`, { answer: 'stop' });
    expect(stopped.html).toContain('No t’enviarem més recordatoris');
    expect(await faultsOf(stopped.html)).toEqual([]);
    expect(await muted()).toMatchObject([{ kind: 'reminders' }]);
    const again = await town.submit(`/ca/${reminder}`, { answer: 'resume' });
    expect(again.html).toContain('Vols deixar de rebre recordatoris?');
    expect(await muted()).toEqual([]);
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data'])(
    'accepts a mail program’s one click, as %s, and answers without a redirect',
    async (type) => {
      const answer = await town.send(`/ca/${reminder}`, {
        method: 'POST',
        headers: type.startsWith('multipart') ? {} : { 'Content-Type': type },
        body: type.startsWith('multipart') ? multipart() : 'List-Unsubscribe=One-Click',
      });
      expect(answer.status).toBe(200);
      expect(await muted()).toHaveLength(1);
      await town.post(`/ca/${reminder}`, { answer: 'resume' });
    },
  );

  it('refuses an invented address, and notices that a citizen needs', async () => {
    const other = reminder.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const path of [confirmation, `${reminder}x`, 'notices/x', other]) {
      const page = await town.get(`/ca/${path}`);
      expect(page.status).toBe(404);
      expect((await town.post(`/ca/${path}`, { answer: 'stop' })).status).toBe(404);
    }
    expect(await muted()).toEqual([]);
  });

  it('says that it has ended after the recipient’s data was deleted', async () => {
    await within(town.database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('notice').set({ recipient: '' }).execute(),
    );
    const page = await town.get(`/ca/${reminder}`);
    expect(page.html).toContain('Ja no t’enviem res');
    expect(page.html).not.toContain('<form action="/ca/notices');
    expect((await town.post(`/ca/${reminder}`, { answer: 'stop' })).status).toBe(303);
    expect(await muted()).toEqual([]);
  });
});

function multipart(): FormData {
  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  return form;
}
