import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCOPES } from '../../src/domain/scopes.ts';
import { callerWith, makeToken } from '../support/attack.ts';
import { openClient } from '../support/client.ts';
import { bookDocuments } from '../support/document-states.ts';
import { until } from '../support/processes.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';

/**
 * The story of an honest or dishonest holder of an API token who wants more than its purpose: to read a
 * citizen's
 * document, to read the appointments, to use it from another machine, to use it for ever.
 */
describe('the holder of a token', () => {
  let town: Town;
  /** Maria booked by herself, and handed over a document. */
  let papers: string;
  let maria: { id: string; start: string };

  const MARIAS = '612345678';
  const ATTACKERS = '699999999';
  const BOOKING_ALONE = ['slots:read', 'appointments:write'];

  beforeAll(async () => {
    town = await openTown({ clock: MORNING, env: { TRUSTED_PROXIES: '1' } });
    papers = await bookDocuments(town.origin, MARIAS);
    const crm = callerWith(town, await makeToken(town, SCOPES));
    [maria] = (await crm('/appointments')).json.appointments;
    const form = new FormData();
    form.set('file', new File(['Maria Puig\n'], 'DNI.txt', { type: 'text/plain' }));
    await fetch(`${town.origin}${papers}?for=identitat`, { method: 'POST', body: form });
    await until('the document was checked', () =>
      town.look(async (tx) => {
        const found = await tx.selectFrom('document').select('state').execute();
        return found.length > 0 && found.every(({ state }) => state === 'clean');
      }),
    );
  }, 200_000);
  afterAll(() => town?.[Symbol.asyncDispose]());

  test('with every scope, can’t have the code sent to their own telephone, and so opens no document', async () => {
    const crm = callerWith(town, await makeToken(town, SCOPES));

    // They ask for the link, which this token may have. It is on record.
    const { json } = await crm(`/appointments/${maria.id}?include=manageUrl`);
    expect(json.citizen.phone).toBe(`+34${MARIAS}`);
    expect(new URL(json.manageUrl).pathname).toBe(papers.replace('/documents', ''));

    // They try to take Maria's place: with their telephone, with their mail, together with a move.
    for (const change of [
      { citizen: { phone: ATTACKERS } },
      { citizen: { email: 'attacker@example.org' } },
      { channel: 'video', citizen: { phone: ATTACKERS } },
    ]) {
      const refused = await crm(`/appointments/${maria.id}`, { method: 'PATCH', json: change });
      expect([refused.status, refused.json.type]).toEqual([409, '/problems/contact-frozen']);
    }

    // They ask for the code by the link. It goes to Maria, and without it the document stays shut.
    const browser = openClient(town.origin, 'ca');
    await browser.post(`${papers}/code`, { next: 'documents' });
    const codes = await until('a code was sent', async () => {
      const sent = await town.server.outbox();
      const found = sent.filter((each) => each.channel === 'sms' && /\b\d{6}\b/.test(each.text));
      return found.length > 0 && found;
    });
    expect(new Set(codes.map((each) => each.to))).toEqual(new Set([`+34${MARIAS}`]));
    const outbox = JSON.stringify(await town.server.outbox());
    expect(outbox).not.toContain(ATTACKERS);
    expect(outbox).not.toContain('attacker@example.org');
    const [document] = await town.look((tx) => tx.selectFrom('document').select('id').execute());
    const opened = await browser.get(`${papers}/${document?.id}`);
    expect(opened.html).not.toContain('Maria Puig');

    const trail = await town.look((tx) =>
      tx
        .selectFrom('audit')
        .select('action')
        .where('actor', 'like', 'token:%')
        .where('appointment_id', '=', maria.id)
        .execute(),
    );
    expect(trail.map((each) => each.action)).toContain('link_given');
    expect(trail.map((each) => each.action)).not.toContain('contact_changed');
  });

  test('with the booking scope only, reads no appointment, no contact and no link by any way round', async () => {
    const kiosk = callerWith(town, await makeToken(town, BOOKING_ALONE));
    for (const path of ['/appointments', `/appointments/${maria.id}`, '/events', '/procedures'])
      expect([path, (await kiosk(path)).status]).toEqual([path, 403]);
    expect((await kiosk(`/appointments/${maria.id}/events`)).status).toBe(403);
    expect((await kiosk(`/appointments/${maria.id}?include=manageUrl`)).status).toBe(403);
    const change = { citizen: { phone: ATTACKERS } };
    const changed = await kiosk(`/appointments/${maria.id}`, { method: 'PATCH', json: change });
    expect(changed.status).toBe(403);

    // A change that changes nothing answers the appointment: without who it is for.
    const same = { start: maria.start };
    const moved = await kiosk(`/appointments/${maria.id}`, { method: 'PATCH', json: same });
    expect(moved.status).toBe(200);
    expect(JSON.stringify(moved.json)).not.toMatch(/Maria|612345678|maria@|appointment\//);
  });

  test('on another machine, is refused everything', async () => {
    const networks = '203.0.113.0/24, 2001:db8:7::/48';
    const crm = callerWith(town, await makeToken(town, SCOPES, { networks }));
    expect((await crm('/appointments', { from: '203.0.113.9' })).status).toBe(200);
    expect((await crm('/appointments', { from: '2001:db8:7::1' })).status).toBe(200);
    const nobody = callerWith(town, `fin_${'A'.repeat(32)}`);
    const elsewhere = '198.51.100.7';
    const refused = await crm('/appointments', { from: elsewhere });
    expect(refused).toEqual(await nobody('/appointments', { from: elsewhere }));
    expect(refused.status).toBe(401);
    // Their own entry in the header comes before the one of the town's proxy.
    const forged = await crm('/appointments', { from: `203.0.113.9, ${elsewhere}` });
    expect(forged.status).toBe(401);
  });

  test('after a token’s last day, is refused everything', async () => {
    const lastDay = '2026-11-26';
    const crm = callerWith(town, await makeToken(town, SCOPES, { lastDay }));
    expect((await crm('/appointments')).status).toBe(200);
    await town.comeTo('2026-11-27T00:00:00+01:00');
    const nobody = callerWith(town, `fin_${'A'.repeat(32)}`);
    const late = await crm('/appointments');
    expect(late.status).toBe(401);
    expect(late).toEqual(await nobody('/appointments'));
  });
});
