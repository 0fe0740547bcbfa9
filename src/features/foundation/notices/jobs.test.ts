import ICAL from 'ical.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { handClock } from '../../../lib/clock.ts';
import { INSTALLATION, within } from '../../../lib/db/database.ts';
import { type TestDatabase, testDatabase } from '../../../lib/db/testing.ts';
import { installationKey } from '../../../lib/secrets.ts';
import { createOffices } from '../offices/service.ts';
import { testOffice } from '../offices/testing.ts';
import { createNoticeWorker, type NoticeWorker, type NoticeWorkerDeps } from './jobs.ts';
import { dropPending } from './store.ts';
import { mailServer } from './testing/mail-server.ts';
import { oweOne, rowOf } from './testing/owing.ts';
import { smtpTransport } from './transports/smtp.ts';
import type { LinkMaker, NoticeKind, Outgoing, Transport } from './types.ts';

const NOON = '2026-12-01T11:00:00Z';
const clock = handClock(NOON);
const key = installationKey(Buffer.alloc(32, 7));
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const links: LinkMaker = {
  manageUrl: (of) => `https://cita.example/${of.noticeLanguage}/appointment/secret-of-${of.id}`,
  shortManageUrl: (of) => `https://cita.example/s/secret-of-${of.id}`,
  waitingUrl: (id, language) => `https://cita.example/${language}/waiting/secret-of-${id}`,
  shortWaitingUrl: ({ id }) => `https://cita.example/w/secret-of-${id}`,
  caseUrl: ({ id }, language) => `https://cita.example/${language}/case/secret-of-${id}`,
  chatUrl: (id, language) => `https://cita.example/${language}/chat/secret-of-${id}`,
  requestUrl: ({ id }, language) => `https://cita.example/${language}/request/secret-of-${id}`,
  followUrl: (id, language) => `https://cita.example/${language}/follow/secret-of-${id}`,
  cosignUrl: (id, language) => `https://cita.example/${language}/cosign/secret-of-${id}`,
  shortObjectUrl: (notice) => `https://cita.example/n/token-of-${notice}`,
  stopUrl: (notice, language) => `https://cita.example/${language}/notices/token-of-${notice}`,
  digitsOf: () => '123456',
};

let database: TestDatabase;
let office: number;
let workers: NoticeWorker[] = [];

beforeAll(async () => {
  database = await testDatabase();
  office = await testOffice(database.kysely, {
    settings: { contact: { email: 'oac@vilaprova.example' }, mailFrom: 'OAC de Vilaprova' },
  });
});
afterAll(() => database.close());
beforeEach(() => clock.set(NOON));
afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.stop()));
  workers = [];
  await mail.close();
  await database.asOwner('delete from notice');
});

const mail = mailServer();
const smtp = () =>
  smtpTransport({
    url: `smtp://127.0.0.1:${mail.port}`,
    mailFrom: 'Ajuntament <cita@vilaprova.example>',
    baseUrl: 'https://cita.example',
  });

function worker(rest: Partial<NoticeWorkerDeps> = {}): NoticeWorker {
  const made = createNoticeWorker({
    database,
    offices: createOffices(database.kysely),
    links,
    key,
    clock,
    transports: { email: smtp() },
    log: silent,
    random: () => 0,
    ...rest,
  });
  workers.push(made);
  return made;
}

const owe = (kind?: NoticeKind, citizen?: Parameters<typeof oweOne>[1]['citizen']) =>
  oweOne(database.kysely, { office, now: clock.now(), kind, citizen });
const row = (id: string) => rowOf(database.kysely, id);

describe('the worker, with a mail server', () => {
  beforeEach(() => mail.open());

  it('delivers a confirmation: headers, words and calendar', async () => {
    const { id, appointment } = await owe();
    await worker().drain();
    const [got] = mail.received;
    expect(got?.messageId).toBe(`<${id}@cita.example>`);
    expect(got?.from?.text).toBe('"OAC de Vilaprova" <cita@vilaprova.example>');
    expect(got?.replyTo?.text).toBe('oac@vilaprova.example');
    expect(got?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(got?.headers.get('content-language')).toBe('ca');
    expect(got?.date?.toISOString()).toBe('2026-12-01T11:00:00.000Z');
    expect(got?.subject).toBe('Cita confirmada: dimecres, 9 de desembre, 9:20');
    expect(got?.text).toContain(`https://cita.example/ca/appointment/secret-of-${appointment}`);
    expect(got?.html).toContain('Et trucarem');
    expect(`${got?.text}${got?.html}`).not.toContain('comentari');
    const [calendar] = got?.attachments ?? [];
    expect(calendar?.contentType).toBe('text/calendar');
    expect(calendar?.headers.get('content-type')).toMatchObject({ params: { method: 'PUBLISH' } });
    const event = new ICAL.Component(ICAL.parse(calendar?.content.toString() ?? ''));
    expect(event.getFirstSubcomponent('vevent')?.getFirstPropertyValue('uid')).toBe(
      `${appointment}@cita.example`,
    );
    expect((await row(id)).sent_at?.toString()).toBe(NOON);
  });

  it('sends nothing twice', async () => {
    await owe();
    const one = worker();
    await one.drain();
    await one.drain();
    clock.advance({ hours: 100 });
    await one.drain();
    expect(mail.received).toHaveLength(1);
  });

  it('tries again what the server refuses for now', async () => {
    const { id } = await owe();
    let tries = 0;
    mail.refuse.rcpt = () => (++tries < 3 ? '451 4.7.1 Greylisted, try later' : null);
    const one = worker();
    await one.drain();
    expect((await row(id)).last_error).toContain('451');
    await one.drain();
    expect(tries).toBe(1); // not before its time
    clock.advance({ seconds: 30 });
    await one.drain();
    clock.advance({ seconds: 60 });
    await one.drain();
    expect(mail.received).toHaveLength(1);
    expect(await row(id)).toMatchObject({ attempts: 3, last_error: null, failed_at: null });
  });

  it.each(['rcpt', 'data'] as const)(
    'gives up what the server refuses for good at %s',
    async (at) => {
      const { id } = await owe();
      mail.refuse[at] = () => '550 5.1.1 No such mailbox';
      const one = worker();
      await one.drain();
      const failed = await row(id);
      expect(failed.failed_at?.toString()).toBe(NOON);
      expect(failed.last_error).toContain('No such mailbox');
      mail.refuse[at] = () => null;
      clock.advance({ hours: 1 });
      await one.drain();
      expect(mail.received).toEqual([]);
    },
  );

  it('waits when the server does not take our sender: the operator can mend it', async () => {
    const { id } = await owe();
    mail.refuse.sender = () => '550 5.7.1 Sender not yours';
    await worker().drain();
    expect(await row(id)).toMatchObject({ failed_at: null, attempts: 1 });
  });

  it('gives up after 72 hours of refusals', async () => {
    const { id } = await owe('cancellation');
    mail.refuse.rcpt = () => '452 4.2.2 Mailbox full';
    const one = worker();
    await one.drain();
    clock.advance({ hours: 71 });
    await one.drain();
    expect((await row(id)).failed_at).toBeNull();
    clock.advance({ hours: 1 });
    await one.drain();
    expect((await row(id)).failed_at).not.toBeNull();
  });

  it('has everything out within five minutes of the return of a server that was away for an hour', async () => {
    const one = worker({ random: Math.random });
    await mail.close();
    const ids: string[] = [];
    for (let seconds = 0; seconds < 3600; seconds += 30) {
      if (seconds % 300 === 0) {
        const email = `p${ids.length}@example.org`;
        ids.push((await owe('confirmation', { email })).id);
      }
      await one.drain();
      clock.advance({ seconds: 30 });
    }
    expect((await row(ids[0] ?? '')).attempts).toBeGreaterThan(12);
    await mail.comeBack();
    for (let seconds = 0; seconds < 300; seconds += 10) {
      await one.drain();
      clock.advance({ seconds: 10 });
    }
    expect(mail.received.map((each) => each.messageId).sort()).toEqual(
      ids.map((id) => `<${id}@cita.example>`).sort(),
    );
  });

  it('shares the work with other workers, each message once', async () => {
    const owed = await Promise.all(
      Array.from({ length: 40 }, (_, nth) => owe('confirmation', { email: `p${nth}@example.org` })),
    );
    await Promise.all([worker(), worker(), worker(), worker()].map((each) => each.drain()));
    expect(mail.received.map((each) => each.messageId).sort()).toEqual(
      owed.map(({ id }) => `<${id}@cita.example>`).sort(),
    );
  });

  it('sends again, under the same Message-ID, what a worker sent and died before noting', async () => {
    const { id } = await owe();
    const inner = smtp();
    const dying = new Promise<never>(() => {});
    let left: (() => void) | undefined;
    const hasLeft = new Promise<void>((resolve) => {
      left = resolve;
    });
    const crashing: Transport = {
      send: async (outgoing) => {
        await inner.send(outgoing);
        left?.();
        return dying; // the process ends here: nothing after it happens
      },
      close: () => inner.close(),
    };
    const dead = createNoticeWorker({
      database,
      offices: createOffices(database.kysely),
      links,
      key,
      clock,
      transports: { email: crashing },
      log: silent,
    });
    dead.notify();
    await hasLeft;
    crashing.close();
    const next = worker();
    await next.drain();
    expect(mail.received).toHaveLength(1); // the lease still stands
    clock.advance({ minutes: 2 });
    await next.drain();
    clock.advance({ hours: 1 });
    await next.drain();
    expect(mail.received.map((each) => each.messageId)).toEqual(
      Array(2).fill(`<${id}@cita.example>`),
    );
  });

  it('drops what would come too late, and what was overtaken', async () => {
    const late = await owe('survey');
    const overtaken = await owe();
    clock.advance({ hours: 72 });
    await within(database.kysely, INSTALLATION, (tx) =>
      dropPending({ tx, now: clock.now() }, overtaken.appointment, ['confirmation']),
    );
    await worker().drain();
    expect(mail.received).toEqual([]);
    expect((await row(late.id)).dropped_at).not.toBeNull();
  });

  it('lets no name into the headers', async () => {
    await owe('confirmation', { name: 'Eva\r\nBcc: spy@example.org\r\n\r\nx\u2028y' });
    await worker().drain();
    const [got] = mail.received;
    expect(got?.bcc).toBeUndefined();
    expect([got?.to].flat().map((each) => each?.text)).toEqual(['marta@example.org']);
    expect(got?.text).toContain('Hola, Eva Bcc: spy@ example. org x y:');
  });

  it('sends at once when it is woken', async () => {
    const one = worker();
    one.notify();
    const { id } = await owe();
    one.notify();
    await expect.poll(async () => (await row(id)).sent_at !== null).toBe(true);
  });

  it('finishes what it sends before it stops', async () => {
    const { id } = await owe();
    let letGo: (() => void) | undefined;
    let isSending: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => {
      isSending = resolve;
    });
    const slow: Transport = {
      send: () =>
        new Promise((resolve) => {
          letGo = () => resolve({ ok: true });
          isSending?.();
        }),
      close: () => {},
    };
    const one = worker({ transports: { email: slow } });
    one.notify();
    await begun;
    const stopping = one.stop();
    letGo?.();
    await stopping;
    expect((await row(id)).sent_at).not.toBeNull();
  });
});

describe('the worker, without', () => {
  it('keeps what it has no transport for', async () => {
    const { id } = await owe('confirmation', { email: null, phone: '+34600000001' });
    clock.advance({ hours: 1 });
    await worker().drain();
    expect(await row(id)).toMatchObject({
      attempts: 0,
      sent_at: null,
      dropped_at: null,
      channel: 'sms',
    });
  });

  it('hands an SMS to the transport of that channel', async () => {
    await owe('confirmation', { email: null, phone: '+34600000001' });
    const sent: Outgoing[] = [];
    const provider: Transport = {
      send: async (outgoing) => {
        sent.push(outgoing);
        return { ok: true };
      },
      close: () => {},
    };
    await worker({ transports: { sms: provider } }).drain();
    expect(sent.map((each) => each.to)).toEqual(['+34600000001']);
    expect(sent[0]?.message.html).toBe('');
  });

  it('sends an SMS while a mail server says nothing', async () => {
    const { promise: silence, resolve: speak } =
      Promise.withResolvers<Awaited<ReturnType<Transport['send']>>>();
    const mails: Outgoing[] = [];
    const sms: string[] = [];
    for (let n = 0; n < 8; n++) await owe();
    await owe('confirmation', { email: null, phone: '+34600000001' });
    const quiet: Transport = {
      send: (outgoing) => {
        mails.push(outgoing);
        return silence;
      },
      close: () => {},
    };
    const gateway: Transport = {
      send: async ({ to }) => {
        sms.push(to);
        return { ok: true };
      },
      close: () => {},
    };
    const made = worker({ transports: { email: quiet, sms: gateway } });
    made.notify();
    await expect.poll(() => sms).toEqual(['+34600000001']);
    await expect.poll(() => mails.length).toBe(5);
    speak({ ok: true });
    await expect.poll(() => mails.length).toBe(8);
  });

  it.each([
    [1, 'since', (made: NoticeWorker) => made],
    [24, 'since', (made: NoticeWorker) => made],
    [1, 'before a start', () => null],
    [24, 'before a start', () => null],
  ])(
    'sends what was due, and tries again what failed, after the clock was set back by %i hours %s',
    async (hours, _, goesOn) => {
      const sent: string[] = [];
      let isAway = true;
      const email: Transport = {
        send: async ({ id }) => {
          if (isAway)
            return { ok: false, permanent: false, answered: false, code: 'X', reason: 'X' };
          sent.push(id);
          return { ok: true };
        },
        close: () => {},
      };
      const failed = await owe();
      const first = worker({ transports: { email } });
      await first.drain();
      const planned = async (after: string) => {
        const { id } = await owe();
        await database.asOwner(
          `update notice set not_before = not_before + interval '${after}', next_try_at = next_try_at + interval '${after}' where id = '${id}'`,
        );
        return id;
      };
      const later = await planned('3 days');
      const owed = await owe();
      isAway = false;
      clock.advance({ hours: -hours });
      const soon = await planned('30 minutes');
      const made = goesOn(first) ?? worker({ transports: { email } });
      await made.drain();
      expect(sent).toEqual([]);
      clock.advance({ minutes: 2 });
      await made.drain();
      expect(sent.toSorted()).toEqual([failed.id, owed.id].toSorted());
      clock.advance({ minutes: 28 });
      await made.drain();
      expect(sent).toHaveLength(3);
      expect(sent).toContain(soon);
      clock.advance({ hours: hours + 72 });
      await made.drain();
      expect(sent).toHaveLength(4);
      expect(sent).toContain(later);
    },
  );

  it('outlives a message that cannot be made', async () => {
    const bad = await owe();
    const good = await owe();
    const sent: string[] = [];
    const transport: Transport = {
      send: async ({ id }) => {
        sent.push(id);
        return { ok: true };
      },
      close: () => {},
    };
    const breaking: LinkMaker = {
      ...links,
      manageUrl: (of) => {
        if (of.id === bad.appointment) throw new Error('A bug');
        return links.manageUrl(of);
      },
    };
    await worker({ transports: { email: transport }, links: breaking }).drain();
    expect(sent).toEqual([good.id]);
  });
});
