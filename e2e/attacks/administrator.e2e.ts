import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Client, openClient, signedIn } from '../support/client.ts';
import type { Access } from '../support/server.ts';
import { MORNING, openTown, type Town } from '../support/town.ts';

/**
 * The story of a single administrator who wants to act as a colleague or as a citizen and leave no
 * trace. They have their own account
 * with both factors, and every page of their office's administration.
 */
describe('a single administrator', () => {
  let town: Town;
  let access: Access;
  let administrator: Client;
  let colleague: { email: string; client: Client; path: string };
  const list = '/console/oac/people';

  beforeAll(async () => {
    town = await openTown({ clock: MORNING });
    access = await town.server.access();
    const one = (role: string) => {
      const found = access.staff.find((each) => each.office === 'oac' && each.role === role);
      if (!found) throw new Error(role);
      return found.email;
    };
    const email = one('agent');
    administrator = await signedIn(town, access, one('administrator'));
    const id = await town.look(async (tx) => {
      const row = await tx
        .selectFrom('staff')
        .select('id')
        .where('email', '=', email)
        .executeTakeFirst();
      return row?.id ?? 0;
    });
    const client = await signedIn(town, access, email);
    colleague = { email, client, path: `${list}/${id}` };
  }, 200_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
  });

  /** The second factor was shown eleven minutes ago, as it is most of the day. */
  const letTimePass = () =>
    town.operate(({ staff }) =>
      staff.transaction((client) =>
        client.query(`update session set "confirmedAt" = now() - interval '11 minutes'`),
      ),
    );
  const deeds = () =>
    town.look(async (tx) => {
      const rows = await tx.selectFrom('audit').select(['action', 'data']).orderBy('id').execute();
      return rows.map(({ action }) => action);
    });
  const mailsTo = async (to: string) =>
    (await town.server.outbox()).filter((each) => each.to === to).map((each) => each.text);

  test('can’t send the colleague’s invitation to an address of their own', async () => {
    const moved = await administrator.post(`${colleague.path}/email`, {
      email: 'mine@attack.example',
    });
    expect(moved.status).toBe(422);
    expect(await mailsTo('mine@attack.example')).toEqual([]);
  });

  test('sees no link when they invite the colleague anew: it goes to the colleague alone', async () => {
    const page = await administrator.post(`${colleague.path}/again`, {});
    expect(page.html).not.toContain('/staff/setup/');
    const [mail] = (await mailsTo(colleague.email)).filter((each) =>
      each.includes('/staff/setup/'),
    );
    expect(mail).toBeDefined();
    expect(await deeds()).toContain('invited');
    // What the colleague has still opens.
    expect((await colleague.client.get('/console/oac')).status).toBe(200);
  });

  test('can’t end the colleague’s sessions unseen, nor from a computer left alone', async () => {
    await letTimePass();
    const asked = await administrator.post(`${colleague.path}/sessions`, {});
    expect(asked.html).toContain('name="code"');
    expect((await colleague.client.get('/console/oac')).status).toBe(200);
    const wrong = await administrator.post(`${colleague.path}/sessions`, { code: '000000' });
    expect(wrong.status).toBe(422);
    expect((await colleague.client.get('/console/oac')).status).toBe(200);
    expect(await deeds()).not.toContain('signed_out_by_office');
  });

  test('can’t make an accomplice administrator, or change the rules for access to documents, without a second factor', async () => {
    await letTimePass();
    const promoted = await administrator.post(colleague.path, {
      role: 'administrator',
      desk: '',
      was: '',
    });
    expect(promoted.html).toContain('name="code"');
    const invited = await administrator.post(list, {
      ...{
        email: 'accomplice@attack.example',
        name: 'Anna Puig',
        role: 'administrator',
        desk: '',
      },
    });
    expect(invited.html).toContain('name="code"');
    expect(await mailsTo('accomplice@attack.example')).toEqual([]);
  });

  test('has no page of the installation, nor of another office', async () => {
    const id = colleague.path.split('/').at(-1);
    for (const path of [
      '/staff/people',
      `/staff/people/${id}/email`,
      `/staff/people/${id}/sessions`,
      '/console/hisenda/people',
    ])
      expect((await administrator.get(path)).status, path).toBe(404);
    const moved = await administrator.post(`/staff/people/${id}/email`, {
      email: 'mine@attack.example',
    });
    expect(moved.status).toBe(404);
  });

  test('can’t sign in as the colleague with what they know: a guessed password is no session', async () => {
    const stranger = openClient(town.origin, 'ca');
    const person = access.staff.find((each) => each.email === colleague.email);
    await stranger.post('/staff/sign-in', {
      email: colleague.email,
      password: person?.password ?? '',
    });
    expect((await stranger.get('/console/oac')).path).toContain('/staff/sign-in');
  });

  test('can’t write, change or remove their entries on the trail', async () => {
    const before = await deeds();
    for (const path of ['/console/oac/audit', '/console/oac/audit.csv'])
      for (const act of ['delete', 'edit'])
        expect((await administrator.post(path, { act })).status, path).toBeGreaterThanOrEqual(404);
    expect(await deeds()).toEqual(before);
  });
});
