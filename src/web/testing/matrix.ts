import type { Person } from '../../features/foundation/staff/types.ts';
import { INSTALLATION, within } from '../../lib/db/database.ts';
import { codeOf, jar } from '../console/testing.ts';
import type { StaffPolicy } from '../routes.ts';
import { identified } from './identified.ts';
import type { Instance } from './instance.ts';
import type { World } from './worlds.ts';

/** The office of most viewers, and the other one. */
export const HERE = 'oac';
export const THERE = 'hisenda';

/** A person's role in one office; `deskless`: an agent without a desk. */
export type Standing =
  | 'nobody'
  | 'councillor'
  | 'deskless'
  | 'agent'
  | 'coordinator'
  | 'administrator';

/** A viewer, with their roles. */
export interface Asker {
  name: string;
  cookie: string;
  /** Whether the cookie opens a session. */
  isSignedIn: boolean;
  isOperator: boolean;
  standing: Record<string, Standing>;
  /** Their desk in each office. */
  desks: Record<string, string>;
}

const role = (
  office: string,
  name: 'councillor' | 'agent' | 'coordinator' | 'administrator',
  desk?: string,
) => ({
  office,
  role: name,
  ...(desk && { desk }),
});

/** The viewers with a session, by name: their roles, and the resulting access. */
const STAFF: Record<
  string,
  { roles: Person['roles']; operator?: boolean; standing: Asker['standing'] }
> = {
  agent: { roles: [role(HERE, 'agent', 'taula-1')], standing: { [HERE]: 'agent' } },
  'agent without a desk': { roles: [role(HERE, 'agent')], standing: { [HERE]: 'deskless' } },
  coordinator: { roles: [role(HERE, 'coordinator')], standing: { [HERE]: 'coordinator' } },
  administrator: { roles: [role(HERE, 'administrator')], standing: { [HERE]: 'administrator' } },
  'agent of the other office': {
    roles: [role(THERE, 'agent', 'taula-1')],
    standing: { [THERE]: 'agent' },
  },
  'administrator of the other office': {
    roles: [role(THERE, 'administrator')],
    standing: { [THERE]: 'administrator' },
  },
  'agent here who coordinates there': {
    roles: [role(HERE, 'agent', 'taula-2'), role(THERE, 'coordinator')],
    standing: { [HERE]: 'agent', [THERE]: 'coordinator' },
  },
  councillor: {
    roles: [role(HERE, 'councillor'), role(THERE, 'councillor')],
    standing: { [HERE]: 'councillor', [THERE]: 'councillor' },
  },
  'operator without a role': { roles: [role(HERE, 'agent')], operator: true, standing: {} },
};

/** The viewers without a valid session: their cookie is made from a session, or nearly. */
const LEFT = 'administrator who left';

const emailOf = (name: string): string => `${name.replaceAll(' ', '.')}@vilaclara.example`;

/** A citizen who is identified, with an appointment here in their folder and nothing in the other office. */
export const IDENTIFIED = 'identified citizen';

async function citizenOf({ app }: Instance, [here]: readonly World[]): Promise<string> {
  const rosa = await identified(app, '12345678Z');
  const taken = await rosa.post(`/ca/appointment/${here?.secret}/folder`, { do: 'take' });
  if (taken.status !== 303) throw new Error(`Not taken: ${taken.status}`);
  return rosa.cookie();
}

/** The owner of the personal things. */
export const OWNER = 'administrator';

/** Adds a passkey of the owner. Returns its id. */
export async function passkeyOf({ database }: Instance): Promise<string> {
  const client = await database.pool.connect();
  try {
    await client.query("begin; set local app.office = '*'");
    const { rows } = await client.query<{ id: string }>(
      `insert into auth.passkey
         (id, credential_id, user_id, name, public_key, counter, transports, backed_up, created_at)
       select gen_random_uuid(), 'matrix', id, 'Telephone', '', 0, '{}', false, now()
         from auth."user" where email = $1 returning id`,
      [emailOf(OWNER)],
    );
    await client.query('commit');
    return rows[0]!.id;
  } finally {
    client.release();
  }
}

/** Adds a request to the owner to join a call, to which they said yes. Returns its id. */
export async function requestOf({ database }: Instance, { appointment }: World): Promise<string> {
  const client = await database.pool.connect();
  try {
    await client.query("begin; set local app.office = '*'");
    const { rows } = await client.query<{ id: string }>(
      `insert into colleague_request
         (id, office_id, appointment_id, kind, from_staff, from_name, to_staff, to_name, note, asked_at, answer, answered_at)
       select gen_random_uuid(), a.office_id, a.id, 'join', other.id, other.name, owner.id, owner.name, '', now(), 'accepted', now()
         from appointment a, staff owner, staff other
         where a.id = $1 and owner.email = $2 and other.email = $3 returning id`,
      [appointment, emailOf(OWNER), emailOf('agent')],
    );
    await client.query('commit');
    return rows[0]!.id;
  } finally {
    client.release();
  }
}

/** Adds all viewers and signs them in. */
export async function askers(house: Instance, offices: readonly World[]): Promise<Asker[]> {
  const { staff, database, clock } = house.context;
  const people: Person[] = Object.entries(STAFF).map(([name, { roles, operator = false }]) => ({
    email: emailOf(name),
    name,
    operator,
    roles,
  }));
  people.push({ email: emailOf(LEFT), name: LEFT, roles: [role(HERE, 'administrator')] });
  const access = await staff.seedDemo(people);
  const cookieOf = async (name: string, isWhole = true) => {
    const found = access.find((each) => each.email === emailOf(name))!;
    const caller = { address: '192.0.2.1', userAgent: 'test' };
    const opened = await staff.signIn(found.email, found.password, { ...caller, cookie: '' });
    if (!opened.ok) throw new Error(`${name}: ${opened.reason}`);
    if (!isWhole) return jar(opened.cookies);
    const cookie = jar(opened.cookies);
    const entered = await staff.enterCode(codeOf(found.totpSecret), { ...caller, cookie });
    if (!entered.ok) throw new Error(`${name}: ${entered.reason}`);
    return jar(entered.cookies);
  };
  const signedIn: Asker[] = [];
  for (const [name, { operator = false, standing, roles }] of Object.entries(STAFF)) {
    const cookie = await cookieOf(name);
    const desks = Object.fromEntries(
      roles.flatMap((each) => (each.desk ? [[each.office, each.desk]] : [])),
    );
    signedIn.push({ name, cookie, isSignedIn: true, isOperator: operator, standing, desks });
  }
  await within(database.kysely, INSTALLATION, (tx) =>
    tx
      .deleteFrom('staff_role')
      .where('staff_id', 'in', (eb) =>
        eb.selectFrom('staff').select('id').where('operator', '=', true),
      )
      .execute(),
  );
  const left = await cookieOf(LEFT);
  await staff.retire(emailOf(LEFT), clock.now());
  const outside = {
    nobody: '',
    'password alone, without the second factor': await cookieOf('administrator', false),
    [LEFT]: left,
    'citizen with their link as a cookie': `finestreta.session_token=${offices[0]?.secret}`,
    [IDENTIFIED]: await citizenOf(house, offices),
  };
  return [
    ...signedIn,
    ...Object.entries(outside).map(([name, cookie]) => ({
      name,
      cookie,
      isSignedIn: false,
      isOperator: false,
      standing: {},
      desks: {},
    })),
  ];
}

/** The requirement of each policy for signed-in viewers. This is the whole expectation of the matrix. */
const ALLOWED: Record<
  Exclude<StaffPolicy, 'signed-in' | 'operator' | 'month'>,
  readonly Standing[]
> = {
  attends: ['agent', 'coordinator', 'administrator'],
  member: ['deskless', 'agent', 'coordinator', 'administrator'],
  desk: ['agent', 'coordinator', 'administrator'],
  coordinator: ['coordinator', 'administrator'],
  administrator: ['administrator'],
};

/** Who sees the month of the offices in which they have this role. */
const SEE_MONTH = new Set<Standing>(['councillor', 'coordinator', 'administrator']);

export function isAllowed(policy: StaffPolicy, asker: Asker, { office, desk }: World): boolean {
  if (!asker.isSignedIn) return false;
  if (policy === 'signed-in') return true;
  if (policy === 'operator') return asker.isOperator;
  if (policy === 'month') return Object.values(asker.standing).some((each) => SEE_MONTH.has(each));
  const standing = asker.standing[office] ?? 'nobody';
  const isElsewhere = standing === 'agent' && asker.desks[office] !== desk;
  if (policy === 'attends' && isElsewhere) return false;
  return ALLOWED[policy].includes(standing);
}
