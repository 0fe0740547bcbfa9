import { afterAll, beforeAll, expect, test } from 'vitest';
import { purposeKey } from '../../../lib/secrets.ts';
import { formatCaseEvent } from '../../../web/api/shapes/cases.ts';
import { formatWebhook } from '../../../web/api/words.ts';
import { createEventFeed } from '../../booking/webhooks/service.ts';
import { type HookWorld, hookWorld, isBelieved, receiver } from '../../booking/webhooks/testing.ts';
import { CASE_KINDS } from '../../booking/webhooks/types.ts';
import { testUnit } from '../../foundation/audit/testing.ts';
import { createForms } from '../../foundation/forms/service.ts';
import { createOffices } from '../../foundation/offices/service.ts';
import { type Cases, createCases } from './service.ts';
import { handedInTo, holderOf, sampleForm, staffOf, stepTo, testCasesOf } from './testing.ts';

const crm = receiver();
let world: HookWorld;
let cases: Cases;

beforeAll(async () => {
  world = await hookWorld({ appointment: formatWebhook, case: formatCaseEvent });
  const { database, clock, office } = world;
  const db = database.kysely;
  const key = purposeKey(() => [{ version: 1, key: Buffer.alloc(32, 1), isActive: true }]);
  const forms = createForms({ db, unit: testUnit(db, clock) });
  await forms.publish({ kind: 'system', why: 'operator' }, office, sampleForm());
  cases = createCases(testCasesOf(database, clock, { offices: createOffices(db), forms, key }));
  await crm.open();
});
afterAll(async () => {
  await crm.close();
  await world.database.close();
});

const on = () => ({ db: world.database.kysely, clock: world.clock });
const types = () => crm.received.map(({ json }) => json.type);

test('a webhook is told what happens to a case that was handed in, and nothing of whose it is', async () => {
  const { office } = world;
  const id = await world.add(crm.url, { personal: true });
  const of = await handedInTo({ cases }, office);
  await world.worker().drain();
  expect(types()).toEqual(['case.registered']);
  const [{ json, text }] = crm.received as [(typeof crm.received)[0]];
  expect(json.data).toMatchObject({ id: of, state: 'registered', procedure: 'volant-padro' });
  expect(json.data.number).toMatch(/^E2026/);
  for (const each of ['Rosa', 'rosa@', 'citizen']) expect(text).not.toContain(each);
  const secret = (await world.webhooks.secret(world.viewer('administrator'), id)) ?? '';
  expect(isBelieved(secret, crm.received[0]!)).toBe(true);

  await stepTo(on(), staffOf(office, 'coordinator'), office, of, 'in-review');
  await stepTo(on(), holderOf(of), office, of, 'withdrawn');
  await world.worker().drain();
  expect(types()).toEqual(['case.registered', 'case.moved', 'case.moved']);
  // As it is when the message is sent.
  expect(crm.received.at(-1)?.json.data.state).toBe('withdrawn');
  const opened = await world.webhooks.open(world.viewer('administrator'), id);
  const { reference } = json.data;
  expect(opened?.deliveries).toContainEqual(
    expect.objectContaining({ kind: 'case.moved', reference }),
  );
});

test('a webhook that is not told of cases gets none, and a draft is told to nobody', async () => {
  const { office } = world;
  await world.database.asOwner('delete from webhook_delivery', 'delete from webhook');
  crm.received.length = 0;
  await world.add(crm.url, { kinds: ['booked', 'moved'] });
  const what = { procedure: 'volant-padro', door: 'online', language: 'ca' } as const;
  await cases.begin(holderOf(''), office, what);
  const of = await handedInTo({ cases }, office);
  await stepTo(on(), staffOf(office, 'coordinator'), office, of, 'in-review');
  await world.worker().drain();
  expect(types()).toEqual([]);
});

test('each kind is owed by what happens, and the feed has it after half a minute', async () => {
  const { office, clock, database } = world;
  await world.add(crm.url, { kinds: CASE_KINDS });
  const of = await handedInTo({ cases }, office);
  await database.asOwner(
    ...['moved', 'undone', 'amended', 'decided', 'assigned', 'opened'].map(
      (kind) =>
        `insert into case_event (office_id, case_id, kind, at, actor)
         values (${office.id}, '${of}', '${kind}', '${clock.now()}', 'system')`,
    ),
  );
  const feed = createEventFeed(testUnit(database.kysely, clock));
  const viewer = { kind: 'system', why: 'test' } as const;
  const read = () => feed.readCases(viewer, office.id, { after: 0, most: 200 });
  const ofIt = async () =>
    (await read()).filter(({ event }) => event.case === of).map(({ event }) => event.kind);
  expect(await ofIt()).toEqual([]);
  clock.advance({ minutes: 1 });
  const told = ['case.registered', 'case.moved', 'case.moved', 'case.amended', 'case.decided'];
  expect(await ofIt()).toEqual(told);
  crm.received.length = 0;
  await world.worker().drain();
  expect(types().toSorted()).toEqual(told.toSorted());
});
