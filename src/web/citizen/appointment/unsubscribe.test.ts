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

describe('the way out of reminders', () => {
  it('does nothing by being opened, in any language, and is valid', async () => {
    for (const language of LANGUAGES) {
      const page = await town.get(`/${language}/${reminder}`);
      expect(page.status).toBe(200);
      expect(await faultsOf(page.html)).toEqual([]);
      expect(page.html).not.toContain('marta');
      expect(page.headers.get('Cache-Control')).toBe('no-store');
    }
    expect(await muted()).toEqual([]);
  });

  it('stops them with one button, and sends them again with another', async () => {
    const stopped = await town.submit(`/ca/${reminder}`, { answer: 'stop' });
    expect(stopped.html).toContain('No t’enviarem més recordatoris');
    expect(await faultsOf(stopped.html)).toEqual([]);
    expect(await muted()).toMatchObject([{ kind: 'reminders' }]);
    const again = await town.submit(`/ca/${reminder}`, { answer: 'resume' });
    expect(again.html).toContain('Vols deixar de rebre recordatoris?');
    expect(await muted()).toEqual([]);
  });

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data'])(
    'takes the one click of a mail program, as %s, and answers without sending it elsewhere',
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

  it('opens for nobody who made an address up, nor for what one needs', async () => {
    for (const path of [confirmation, `${reminder}x`, 'notices/x', reminder.replace(/.$/, '_')]) {
      const page = await town.get(`/ca/${path}`);
      expect(page.status).toBe(404);
      expect((await town.post(`/ca/${path}`, { answer: 'stop' })).status).toBe(404);
    }
    expect(await muted()).toEqual([]);
  });

  it('says that it has ended when who it was sent to was forgotten', async () => {
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
