import { sql } from 'kysely';
import type { Client, See } from '../client.ts';
import type { Town } from '../town.ts';
import { amendingStates, applicantStates, type Every, officialsOf } from './case-states.ts';

/** Decides a case that is being reviewed. */
const decide = async (town: Town, at: string): Promise<void> => {
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
export async function toNotifyStates(every: Every, at: string): Promise<void> {
  await every('to notify', (client) => client.get('/console/oac/cases/notifications'));
  await every('recording a notification', (client) => client.get(`${at}/notification`));
  await every('recording a notification: errors', (client) =>
    client.post(`${at}/notification`, { result: 'failed', first: '', second: 'x' }),
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
