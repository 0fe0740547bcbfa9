import { sql } from 'kysely';
import type { Language } from '../../../src/lib/i18n/languages.ts';
import { type Client, openClient, type See } from '../client.ts';
import type { Town } from '../town.ts';
import { amendingStates, applicantStates, type Every, officialsOf } from './case-states.ts';
import { identifyAs } from './folder-states.ts';

/** Decides a case that is being reviewed. */
export const decide = async (town: Town, at: string): Promise<void> => {
  const [viewer, another] = await officialsOf(town);
  await town.operate(async ({ offices, cases, caseDesk }) => {
    const office = (await offices.find('oac'))!;
    const { id } = (await cases.bySecret(at.split('/')[3] ?? ''))!;
    const work = async () => (await caseDesk.work(viewer, office, id))!;
    await caseDesk.give(viewer, office, id, { assignee: viewer.staff, seen: (await work()).seen });
    const content = {
      text: 'Es denega.',
      reasons: 'No hi ha lloc.',
      appeal: 'Es pot recórrer davant de l’alcaldia, en el termini d’un mes.',
    };
    const asked = { outcome: 'refused', content, before: null, seen: (await work()).seen };
    await caseDesk.write(viewer, office, id, asked);
    const { seen, decision } = await work();
    const before = decision!.writtenAt.epochMilliseconds;
    await caseDesk.issue(another, office, id, { before, seen });
  });
};

/** Changes a notification by hand. `sent`: columns and values. */
const setNotification = (town: Town, id: string, sent: string): Promise<void> =>
  town.operate(async ({ offices, unit }) => {
    const office = (await offices.find('oac'))!;
    await unit({ kind: 'system', why: 'operator' }, office.id, async ({ tx }) => {
      await sql`update notification set ${sql.raw(sent)} where id = ${id}`.execute(tx);
    });
  });

/** What somebody sees who acts for the person whose notification it is. */
async function represented(
  see: See,
  client: Client,
  { town, language, one }: { town: Town; language: string; one: string },
): Promise<void> {
  const list = `/${language}/folder/representations`;
  const given = { name: 'Amina El Idrissi', identifier: 'X0000000T', scope: 'all', opens: 'yes' };
  await client.post(`${list}/give?office=oac`, { ...given, until: '2027-11-30' });
  const amina = openClient(town.origin, language as Language);
  await identifyAs(amina, language as Language, { person: given.identifier });
  const { html } = await amina.get(list);
  const [, which = ''] = /name="which" value="([^"]+)"/.exec(html) ?? [];
  await amina.post(list, { do: 'act', which });
  await see('notifications: for somebody', amina.get(`/${language}/folder/notifications`));
  await see('a notification: for somebody', amina.get(one));
  await see('rejecting a notification: for somebody', amina.get(`${one}/reject`));
  await client.post(list, { do: 'end', which });
}

/** What an identified person sees of what is notified to them. `at`: the address of a case of theirs that is being reviewed. */
async function notificationStates(
  see: See,
  client: Client,
  { town, at }: { town: Town; at: string },
): Promise<void> {
  const [, language = ''] = at.split('/');
  const list = `/${language}/folder/notifications`;
  await see('notifications: none', client.get(list));
  await see('how to be notified', client.get(`${list}/choice`));
  await see('how to be notified: errors', client.post(`${list}/choice`, {}));
  const chosen = { way: 'electronic' };
  await see('how to be notified: saved', client.post(`${list}/choice`, chosen));
  await decide(town, at);
  await see('folder: a notification', client.get(`/${language}/folder`));
  const done = await see('form: decided, to be notified', client.get(`${at}/done`));
  const [one = ''] = new RegExp(`${list}/[\\da-f-]{36}`).exec(done.html) ?? [];
  await see('notifications', client.get(list));
  await see('a notification', client.get(one));
  await represented(see, client, { town, language, one });
  const set = (sent: string) => setNotification(town, one.split('/').at(-1) ?? '', sent);
  await set(`via = 'enotum', expires_at = null`);
  await see('a notification: soon at e-NOTUM', client.get(one));
  await set(`deposited_at = made_at`);
  await see('a notification: at e-NOTUM', client.get(one));
  await see('form: decided, at e-NOTUM', client.get(`${at}/done`));
  await set(`stopped = 'failed', stopped_at = made_at`);
  await see('a notification: stopped at e-NOTUM', client.get(one));
  await set(
    `stopped = null, stopped_at = null, deposited_at = null, via = 'folder', expires_at = made_at + interval '11 days'`,
  );
  await see('rejecting a notification', client.get(`${one}/reject`));
  await see('a notification: opened', client.post(`${one}/open`, {}));
  await see('a notification: opened before', client.post(`${one}/reject`, {}));
  await see('notifications: earlier', client.get(list));
  await see('form: decided, notified', client.get(`${at}/done`));
}

/** What somebody sees after they handed in the case at an address: it is to be amended, and then decided and notified. */
export async function afterwardsStates(
  see: See,
  client: Client,
  on: { town: Town; at: string },
): Promise<void> {
  const [, language = ''] = on.at.split('/');
  await applicantStates(see, client, { town: on.town, language });
  await amendingStates(see, client, on);
  await notificationStates(see, client, on);
}

/** What the office sees of what it must notify. `at`: the address of a case that was decided, of somebody who was not identified. */
export async function toNotifyStates(every: Every, town: Town, at: string): Promise<void> {
  await every('to notify', (client) => client.get('/console/oac/cases/notifications'));
  await every('recording a notification', (client) => client.get(`${at}/notification`));
  await every('recording a notification: errors', (client) =>
    client.post(`${at}/notification`, { result: 'failed', first: '', second: 'x' }),
  );
  await stoppedStates(every, town, at);
}

/** What the office sees of a notification that was stopped at e-NOTUM. */
async function stoppedStates(every: Every, town: Town, at: string): Promise<void> {
  const id = at.split('/').at(-1) ?? '';
  const run = (set: ReturnType<typeof sql>) =>
    town.operate(async ({ offices, unit }) => {
      const office = (await offices.find('oac'))!;
      await unit({ kind: 'system', why: 'operator' }, office.id, async ({ tx }) => {
        await set.execute(tx);
      });
    });
  await run(sql`insert into notification_handover (notification_id, office_id, owed_at, number, handed_at, asked_at)
    select id, office_id, made_at, '4000001', made_at, made_at from notification where case_id = ${id}`);
  await run(sql`update notification set way = 'electronic', via = 'enotum', expires_at = null, stopped = 'failed',
    stopped_at = made_at where case_id = ${id}`);
  await every('a case: stopped at e-NOTUM', (client) => client.get(at));
  await every('to notify: stopped at e-NOTUM', (client) =>
    client.get('/console/oac/cases/notifications'),
  );
  await every('a case: handed again to e-NOTUM', (client) => client.get(`${at}?done=handed-again`));
  await run(
    sql`update notification set way = 'paper', via = 'folder', stopped = null, stopped_at = null where case_id = ${id}`,
  );
}

/** What the office sees of how long cases are kept. `at`: the address of a case that is closed. */
export async function archiveStates(every: Every, town: Town, at: string): Promise<void> {
  const archive = '/console/oac/cases/archive';
  const id = at.split('/').at(-1) ?? '';
  await every('the archive: nothing', (client) => client.get(archive));
  await every('holding a case', (client) => client.get(`${at}/hold`));
  await every('holding a case: errors', (client) =>
    client.post(`${at}/hold`, { act: 'hold', reason: ' ' }),
  );
  await town.operate(async ({ offices, archive: kept }) => {
    const [, coordinator] = await officialsOf(town);
    const asked = { reason: 'Recurs 12/2027', seen: null };
    await kept.hold(coordinator, (await offices.find('oac'))!, id, asked);
  });
  await every('a case: held', (client) => client.get(`${at}?done=held`));
  await every('holding a case: no longer', (client) => client.get(`${at}/hold`));
  await town.operate(async ({ offices, unit }) => {
    const office = (await offices.find('oac'))!;
    await unit({ kind: 'system', why: 'operator' }, office.id, async ({ tx }) => {
      await sql`update case_file set ends_on = current_date + 30 where id = ${id}`.execute(tx);
      await sql`insert into case_destruction
        (case_id, office_id, reference, procedure_id, door, schedule, handed_in_at, closed_at, codes, issued, destroyed_at)
        select gen_random_uuid(), office_id, 'K7M-2QX', procedure_id, door, 'TAAD 812', handed_in_at, closed_at, '{}', '{}', closed_at
        from case_file where id = ${id}`.execute(tx);
    });
  });
  await every('the archive', (client) => client.get(archive));
  await every('the archive: not packed', (client) => client.post(`${at}/package`, {}));
  await town.operate(async ({ offices, unit }) => {
    const office = (await offices.find('oac'))!;
    await unit({ kind: 'system', why: 'operator' }, office.id, ({ tx }) =>
      sql`update case_file set ends_on = null where id = ${id}`.execute(tx),
    );
  });
  await every('the archive: for good', (client) => client.get(archive));
}
