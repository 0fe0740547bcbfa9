import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import type { WorkerLog } from '../outbox/types.ts';
import { createNoticeWorker, type NoticeWorker } from './jobs.ts';
import { createLinks, stopToken } from './links.ts';
import { noticesOwed, remindersOwed } from './rules.ts';
import { createStopping } from './stopping.ts';
import { mailServer } from './testing/mail-server.ts';
import { oweOne, rowOf } from './testing/owing.ts';
import { smtpTransport } from './transports/smtp.ts';
import { NOTICE_KINDS, type NoticeKind, type Outgoing, type Transport } from './types.ts';

const NOON = '2026-12-01T11:00:00Z';
const clock = handClock(NOON);
const key = installationKey(Buffer.alloc(32, 7));
const BASE = 'https://cita.example';
const links = createLinks({
  appointments: {
    manageUrl: (of) => `${BASE}/${of.noticeLanguage}/appointment/s`,
    shortManageUrl: () => `${BASE}/s/s`,
  },
  keys: { links: key, codes: key },
  baseUrl: BASE,
});
const silent: WorkerLog = { info: () => {}, warn: () => {}, error: () => {} };
const PER_DAY = 4;

let database: TestDatabase;
let office: number;
let other: number;
let workers: NoticeWorker[] = [];
const mail = mailServer();

beforeAll(async () => {
  database = await testDatabase();
  const notices = {
    reminderWorkingDays: 2,
    reminderMinutes: 60,
    sms: 'only-without-email' as const,
    perDay: PER_DAY,
    lateMinutes: 10,
  };
  office = await testOffice(database.kysely, { settings: { notices } });
  other = await testOffice(database.kysely, { code: 'hisenda', settings: { notices } });
});
afterAll(() => database.close());
beforeEach(async () => {
  clock.set(NOON);
  await mail.open();
});
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  await mail.close();
  await database.asOwner('delete from notice', 'delete from muted');
});

function worker(transport?: Transport, log = silent): NoticeWorker {
  const url = `smtp://127.0.0.1:${mail.port}`;
  const email = transport ?? smtpTransport({ url, mailFrom: 'cita@cita.example', baseUrl: BASE });
  const made = createNoticeWorker({
    database,
    offices: createOffices(database.kysely),
    links,
    key,
    clock,
    transports: { email },
    log,
    random: () => 0,
  });
  workers.push(made);
  return made;
}

const owe = (kind: NoticeKind = 'confirmation', of = office, email = 'marta@example.org') =>
  oweOne(database.kysely, { office: of, now: clock.now(), kind, citizen: { email } });
const row = (id: string) => rowOf(database.kysely, id);

describe('what one person is sent in a day', () => {
  it('ends at what the office allows; what they could do without, at half of it', async () => {
    const kinds: NoticeKind[] = ['survey', 'survey', 'survey', 'noshow', 'confirmation', 'late'];
    const ids: string[] = [];
    for (const kind of kinds) {
      ids.push((await owe(kind)).id);
      await worker().drain();
    }
    const rows = await Promise.all(ids.map(row));
    expect(rows.map((each) => each.sent_at !== null)).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
    ]);
    for (const dropped of [rows[2], rows[5]]) {
      expect(dropped?.dropped_at?.toString()).toBe(NOON);
      expect(dropped?.last_error).toBe('capped');
    }
    const news = await owe('cancellation');
    await worker().drain();
    expect((await row(news.id)).sent_at).not.toBeNull();
  });

  it('never keeps from them what the office itself changes, cancels, leaves or asks for', async () => {
    // A stranger who booked with their address moves and cancels.
    for (let nth = 0; nth < 2 * PER_DAY + 1; nth++) await owe('cancellation');
    await worker().drain();
    expect(mail.received).toHaveLength(2 * PER_DAY);
    const news = (['change', 'cancellation'] as const).map((kind) =>
      oweOne(database.kysely, {
        office,
        now: clock.now(),
        drafts: (appointment) => noticesOwed(kind, appointment, clock.now(), { by: 'office' }),
      }),
    );
    const papers = (['result', 'again'] as const).map((kind) => owe(kind));
    const ids = (await Promise.all([...news, ...papers])).map((each) => each.id);
    await worker().drain();
    for (const id of ids) expect((await row(id)).sent_at).not.toBeNull();
  });

  it('ends for one appointment, whatever addresses are written into it', async () => {
    await oweOne(database.kysely, {
      office,
      now: clock.now(),
      drafts: (appointment) =>
        Array.from({ length: PER_DAY + 3 }, (_, nth) => ({ ...appointment.citizen, nth })).flatMap(
          ({ nth, ...citizen }) => {
            const to = { ...citizen, email: `somebody-${nth}@example.org` };
            return noticesOwed('confirmation', { ...appointment, citizen: to }, clock.now());
          },
        ),
    });
    await Promise.all([worker(), worker()].map((each) => each.drain()));
    expect(mail.received).toHaveLength(PER_DAY);
  });

  it('is counted for each person and each office by itself, and begins anew after 24 hours', async () => {
    for (let nth = 0; nth < PER_DAY; nth++) await owe();
    await worker().drain();
    await owe('confirmation', office, 'pere@example.org');
    await owe('confirmation', other);
    await worker().drain();
    expect(mail.received).toHaveLength(PER_DAY + 2);
    clock.advance({ hours: 24 });
    const { id } = await owe();
    await worker().drain();
    expect((await row(id)).sent_at).not.toBeNull();
  });

  it('holds among workers that send at once', async () => {
    const owed = await Promise.all(Array.from({ length: 12 }, () => owe()));
    await Promise.all([worker(), worker(), worker(), worker()].map((each) => each.drain()));
    expect(mail.received).toHaveLength(PER_DAY);
    const rows = await Promise.all(owed.map(({ id }) => row(id)));
    expect(rows.filter((each) => each.last_error === 'capped')).toHaveLength(12 - PER_DAY);
  });

  it('counts what is still on its way, so that the return of a server is no flood', async () => {
    await mail.close();
    for (let nth = 0; nth < PER_DAY; nth++) await owe();
    await worker().drain();
    clock.advance({ hours: 25 });
    await mail.comeBack();
    const { id } = await owe();
    await worker().drain();
    expect(mail.received).toHaveLength(PER_DAY);
    expect((await row(id)).last_error).toBe('capped');
  });

  it('never exceeds it within any 24 hours, whatever is owed and however the server is', async () => {
    const limitedElsewhere: readonly NoticeKind[] = ['waiting', 'offer', 'code', 'again', 'result'];
    const step = fc.record({
      kind: fc.constantFrom(...NOTICE_KINDS.filter((each) => !limitedElsewhere.includes(each))),
      minutes: fc.integer({ min: 0, max: 600 }),
      isAway: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        clock.set(NOON);
        const sent: { at: Temporal.Instant; isNews: boolean }[] = [];
        let isAway = false;
        const transport: Transport = {
          send: async ({ message }: Outgoing) => {
            if (isAway)
              return { ok: false, permanent: false, answered: false, code: 'x', reason: 'x' };
            const isNews = /^(Cita (canviada|anul)|S’han canviat)/.test(message.subject);
            sent.push({ at: clock.now(), isNews });
            return { ok: true };
          },
          close: () => {},
        };
        const one = worker(transport);
        for (const { kind, minutes, isAway: away } of steps) {
          isAway = away;
          await owe(kind);
          await one.drain();
          clock.advance({ minutes });
        }
        for (const { at } of sent) {
          const lately = sent.filter(
            (each) =>
              Temporal.Instant.compare(each.at, at) <= 0 && each.at.until(at).total('hours') < 24,
          );
          expect(lately.length).toBeLessThanOrEqual(2 * PER_DAY);
          expect(lately.filter((each) => !each.isNews).length).toBeLessThanOrEqual(PER_DAY);
        }
        await database.asOwner('delete from notice');
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});

describe('who wants no reminders', () => {
  const stopping = () => createStopping({ database, keys: { links: key, addresses: key }, clock });

  it('is told how in headers that mail programs know, and at the bottom', async () => {
    const { id } = await owe('survey');
    await owe('confirmation');
    await worker().drain();
    const url = links.stopUrl(id, 'ca');
    const [survey, confirmation] = ['Com ha anat', 'Cita confirmada'].map((subject) =>
      mail.received.find((each) => each.subject?.startsWith(subject)),
    );
    expect(survey?.headers.get('list')).toMatchObject({ unsubscribe: { url } });
    const lines = (survey?.headerLines ?? []).map((each) => each.line);
    expect(lines).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
    expect(survey?.text).toContain(url);
    expect(confirmation?.headerLines.some(({ key: name }) => /^list-/.test(name))).toBe(false);
  });

  it('is sent none of that office any more, and all the rest', async () => {
    const first = await owe('survey');
    const token = stopToken(key, first.id);
    expect(await stopping().find(token)).toMatchObject({ group: 'surveys', state: 'sent' });
    expect(await stopping().set(token, true)).toMatchObject({ state: 'stopped' });
    await stopping().set(token, true);
    const elsewhere = await owe('survey', other);
    const confirmation = await owe('confirmation');
    await worker().drain();
    expect((await row(first.id)).last_error).toBe('muted');
    expect((await row(first.id)).sent_at).toBeNull();
    expect((await row(elsewhere.id)).sent_at).not.toBeNull();
    expect((await row(confirmation.id)).sent_at).not.toBeNull();
    expect(await stopping().set(token, false)).toMatchObject({ state: 'sent' });
    const again = await owe('survey');
    await worker().drain();
    expect((await row(again.id)).sent_at).not.toBeNull();
  });

  it('names nobody in the list', async () => {
    const { id } = await owe('survey');
    await stopping().set(stopToken(key, id), true);
    const muted = await within(database.kysely, INSTALLATION, (tx) =>
      tx.selectFrom('muted').selectAll().execute(),
    );
    expect(muted).toHaveLength(1);
    expect(JSON.stringify(muted)).not.toContain('marta');
    expect(muted[0]?.recipient_hash).toHaveLength(24);
  });

  it('needs a token of ours, of a notice that can be stopped', async () => {
    const survey = await owe('survey');
    const confirmation = await owe('confirmation');
    const token = stopToken(key, survey.id);
    const forged = stopToken(installationKey(Buffer.alloc(32, 8)), survey.id);
    const swapped = `${stopToken(key, confirmation.id).slice(0, 22)}${token.slice(22)}`;
    for (const bad of [forged, swapped, stopToken(key, confirmation.id), '', 'x', `${token}x`]) {
      expect(await stopping().find(bad)).toBeNull();
      expect(await stopping().set(bad, true)).toBeNull();
    }
  });

  it('is told that it has ended once they were forgotten', async () => {
    const { id } = await owe('survey');
    await within(database.kysely, INSTALLATION, (tx) =>
      tx.updateTable('notice').set({ recipient: '' }).where('id', '=', id).execute(),
    );
    const token = stopToken(key, id);
    expect(await stopping().find(token)).toMatchObject({ state: 'ended' });
    expect(await stopping().set(token, true)).toMatchObject({ state: 'ended' });
  });
});

describe('a mail server that is away over the time of the reminders', () => {
  it('never sends them late, while the news of a cancellation still goes out', async () => {
    const rota = (await createOffices(database.kysely).byId(office)).rota;
    const policy = {
      reminderWorkingDays: 2,
      reminderMinutes: 60,
      sms: 'only-without-email',
    } as const;
    let ids: string[] = [];
    await oweOne(database.kysely, {
      office,
      now: clock.now(),
      drafts: (appointment) => {
        const drafts = remindersOwed(appointment, rota, policy, clock.now());
        ids = drafts.map((each) => each.id);
        return drafts;
      },
    });
    expect(ids).toHaveLength(2);
    const one = worker();
    await mail.close();
    const [reminder, soon] = await Promise.all(ids.map(row));
    for (const due of [reminder, soon]) {
      clock.set(due?.not_before.toString() ?? '');
      await one.drain();
      expect((await row(due?.id ?? '')).attempts).toBeGreaterThan(0);
    }
    const news = await oweOne(database.kysely, {
      office,
      now: clock.now(),
      drafts: (appointment) =>
        noticesOwed('cancellation', appointment, clock.now(), { by: 'office' }),
    });
    await one.drain();
    clock.set(soon?.expires_at?.toString() ?? '');
    await mail.comeBack();
    await one.drain();
    clock.advance({ hours: 5 });
    await one.drain();
    expect(mail.received.map((each) => each.messageId)).toEqual([`<${news.id}@cita.example>`]);
    for (const id of ids) expect(await row(id)).toMatchObject({ sent_at: null, failed_at: null });
    for (const id of ids) expect((await row(id)).dropped_at).not.toBeNull();
  });
});

describe('the log', () => {
  it('names nobody when the database refuses something', async () => {
    const said: object[] = [];
    const keep = (what: object) => void said.push(what);
    await owe();
    const refusing: Transport = {
      send: async () => {
        throw Object.assign(new Error('Failing row contains (marta@example.org)'), {
          code: '23514',
          detail: 'marta@example.org',
        });
      },
      close: () => {},
    };
    await worker(refusing, { info: keep, warn: keep, error: keep }).drain();
    expect(said).toMatchObject([{ code: '23514' }]);
    expect(JSON.stringify(said)).not.toContain('marta');
  });
});
