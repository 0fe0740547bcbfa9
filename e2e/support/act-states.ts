import { rememberBrowser } from '../../src/features/booking/proof/service.ts';
import type { Language } from '../../src/lib/i18n/languages.ts';
import type { StaffViewer } from '../../src/lib/viewer.ts';
import { PROOF_COOKIES } from '../../src/web/citizen/appointment/proof.ts';
import type { Client, See, Sent } from './client.ts';
import { NURIA } from './console.ts';
import { until } from './processes.ts';
import { onBehalfStates } from './scanning/on-behalf-states.ts';
import type { Town } from './town.ts';

/** An act that a citizen is asked to consent to, answered in each way. */
export async function actStates(
  see: See,
  client: Client,
  { town, manage, language }: { town: Town; manage: string; language: Language },
): Promise<void> {
  const [spoken, declined] = await prepare(town, manage, language);
  const act = `${manage}/acts/${spoken}`;
  await see('appointment: asked to consent', client.get(manage));
  await see('identify: for an appointment', client.get(`${manage}/identify`));
  await see('act', client.get(act));
  await see('act: identify', client.get(`${act}/identify`));
  await see('act: identify, not ticked', client.post(`${act}/identify`, { provider: 'demo' }));
  await see('identify: stopped for an act', stopped(client, act));
  await see('act: identity refused', client.get(`${act}?refused=not_shown`));
  await see('act: code sent', client.post(act, { do: 'send' }));
  await see('act: code wrong', client.post(act, { do: 'code', code: '1' }));
  await town.operate(async ({ consent, offices, appointments, unit }) => {
    const found = (await appointments.bySecret(secretIn(manage)))!;
    const office = await offices.byId(found.office);
    await consent.hear(await official(town, office.id), office, found.id, spoken!);
    // One press is enough in a browser in which a code was typed.
    const sent = { channel: 'sms', masked: '678', setBy: 'citizen' } as const;
    const secret = await unit({ kind: 'citizen', appointment: found.id }, office.id, (each) =>
      rememberBrowser(each, found, sent),
    );
    const name = `${PROOF_COOKIES}${found.reference.replace('-', '').toLowerCase()}`;
    client.cookies.set(name, secret);
  });
  await see('act: heard', client.get(act));
  await see('act: consented', client.post(act, { do: 'spoken' }));
  await see('act: declined', client.post(`${manage}/acts/${declined}`, { do: 'decline' }));
  await see('appointment: has consented', client.get(manage));
}

/** Begins to identify for an act, and stops at the provider. */
async function stopped(client: Client, act: string): Promise<Sent> {
  const going = await client.post(`${act}/identify`, { provider: 'demo', mine: 'yes' });
  const state = /state=([^&"]+)/.exec(going.html)?.[1] ?? '';
  return client.get(`/identify/demo/return?state=${state}&error=cancelled`);
}

const secretIn = (manage: string): string => manage.split('/').at(-1) ?? '';

async function official(town: Town, office: number): Promise<StaffViewer> {
  const { id } = await town.look((tx) =>
    tx.selectFrom('staff').select('id').where('email', '=', NURIA).executeTakeFirstOrThrow(),
  );
  return {
    ...({ kind: 'staff', staff: id, name: '', office, role: 'coordinator', desk: null } as const),
  };
}

/** Serves the appointment, and prepares two acts to be answered. Returns their ids. */
function prepare(town: Town, manage: string, language: Language): Promise<string[]> {
  return town.operate(async ({ appointments, encounter, offices, consent, documents }) => {
    const found = (await appointments.bySecret(secretIn(manage)))!;
    const office = await offices.byId(found.office);
    const viewer = await official(town, office.id);
    await encounter.start(viewer, office, found.id, { anyway: true });
    const draft = { items: [], identityNote: 'DNI', notes: '', wrapUp: null, points: [] };
    await encounter.save(viewer, office, { appointment: found.id }, 1, {
      ...draft,
      identity: 'shown',
    });
    const papers = (await documents.list(viewer, office, found.id)) ?? [];
    const clean = papers.filter(({ state }) => state === 'clean').map(({ id }) => id);
    const wanted = { template: 'volant', language, details: '', mayBeAttended: true };
    const ids: string[] = [];
    for (let nth = 0; nth < 2; nth++) {
      const made = await consent.prepare(viewer, office, found.id, { ...wanted, documents: clean });
      if (!made.ok) throw new Error(made.reason);
      ids.push(made.id);
    }
    return ids;
  });
}

/** Appointments that are attended already, since an act was prepared for their citizens. */
export const attendedFor = (town: Town): Promise<ReadonlySet<string | undefined>> =>
  town.look(async (tx) => {
    const acts = await tx.selectFrom('act').select('appointment_id').execute();
    return new Set(acts.map((each) => each.appointment_id));
  });

/** One more act in a running encounter: an earlier open one has expired by now. */
const another = (town: Town, appointment: string): Promise<string> =>
  town.operate(async ({ offices, consent }) => {
    const office = (await offices.find('oac'))!;
    const made = await consent.prepare(await official(town, office.id), office, appointment, {
      ...({ template: 'volant', language: 'ca', details: '', documents: [] } as const),
      mayBeAttended: true,
    });
    if (!made.ok) throw new Error(made.reason);
    return made.id;
  });

/** The same at the desk. */
export async function deskActStates(
  every: (
    name: string,
    ask: (client: Client, language: Language) => Promise<Sent>,
  ) => Promise<void>,
  town: Town,
): Promise<void> {
  const acts = await town.look((tx) =>
    tx.selectFrom('act').select(['id', 'appointment_id', 'state']).execute(),
  );
  const pageOf = (state: string) => {
    const found = acts.find((each) => each.state === state);
    if (!found) throw new Error(`No act is ${state}`);
    return `/console/oac/appointment/${found.appointment_id}/acts/${found.id}`;
  };
  const appointment = pageOf('consented').replace(/\/acts\/.*/, '');
  const asked = `${appointment}/acts/${await another(town, appointment.split('/').at(-1) ?? '')}`;
  await every('appointment: with acts', (client) => client.get(appointment));
  await every('act: prepare', (client) => client.get(`${appointment}/act`));
  await every('act: prepare, errors', (client) => client.post(`${appointment}/act`, {}));
  await every('act', (client) => client.get(asked));
  await every('act: code wrong', (client) => client.post(asked, { do: 'code', code: '1' }));
  await every('act: consented', (client) => client.get(pageOf('consented')));
  await every('act: declined', (client) => client.get(pageOf('declined')));
  await onBehalfStates(every, town, appointment.split('/').at(-1) ?? '');
  await every('appointment: asked to identify', (client) =>
    client.post(`${appointment}/identify`, { level: 'substantial' }),
  );
  await every('register', (client) => client.get('/console/oac/register'));
}

/**
 * The same appointment after the office changed the telephone: it is frozen, and the previous one gets a
 * notice.
 */
export async function frozenStates(
  see: See,
  client: Client,
  { town, manage, language }: { town: Town; manage: string; language: Language },
): Promise<void> {
  await town.operate(async ({ appointments, offices }) => {
    const found = (await appointments.bySecret(secretIn(manage)))!;
    const office = await offices.byId(found.office);
    const to = { ...found.citizen, phone: '+34699999999' };
    await appointments.changeContact(await official(town, office.id), office, found.id, to);
  });
  await see('appointment: frozen telephone', client.get(manage));
  const told = new RegExp(`/${language}/notices/\\S+/not-me`);
  const warned = await until('they were told', async () =>
    (await town.server.outbox()).findLast((each) => told.test(each.text)),
  );
  await see('not me', client.get(told.exec(warned.text)?.[0] ?? ''));
}
