import type { ScriptedDay } from './script.ts';
import type { DayWorld } from './world.ts';

/** What the audit trail has of an appointment by itself, which no ledger of deeds has. */
const ACTIONS = [
  'booked',
  'moved',
  'cancelled',
  'attempt',
  'started',
  'undone',
  'saved',
  'closed',
  'corrected',
  'taken_over',
  'given_up',
];

/** Compares the records with the ledger: outcomes, notes, the audit trail and the figures. */
export async function checkRecords(world: DayWorld, day: ScriptedDay): Promise<void> {
  await checkOutcomes(world, day);
  await checkTrail(world, day);
  await checkFigures(world);
}

const STATUS: Record<string, string> = {
  served: 'fulfilled',
  missed: 'noshow',
  cancelled: 'cancelled',
};

async function checkOutcomes({ ledger, rows }: DayWorld, { ids }: ScriptedDay): Promise<void> {
  const found = await rows<{
    id: string;
    status: string;
    notes: string | null;
    undelivered: boolean;
  }>(
    `select a.id, a.status, e.notes, exists (select from notice n where n.appointment_id = a.id and n.failed_at is not null) as undelivered
     from appointment a left join encounter e on e.appointment_id = a.id`,
  );
  const byId = new Map(found.map((each) => [each.id, each]));
  for (const [name, id] of ids) {
    const it = ledger.of(name);
    const row = byId.get(id);
    if (row?.status !== STATUS[it.standing])
      ledger.wrong(`${name} is ${it.standing}, and on record ${row?.status}`);
    if ((row?.notes || null) !== it.notes)
      ledger.wrong(`the note of ${name} is ${row?.notes}, not ${it.notes}`);
    if (row?.undelivered !== it.isUnreachable)
      ledger.wrong(`${name} can${it.isUnreachable ? 'not' : ''} be reached, and nobody sees it`);
  }
}

async function checkTrail(world: DayWorld, { ids }: ScriptedDay): Promise<void> {
  const { ledger, rows, context, office } = world;
  const trail = await rows<{ appointment_id: string; deed: string }>(
    `select appointment_id, actor || ' ' || action as deed from audit
     where appointment_id is not null and action = any ($1) order by id`,
    ACTIONS,
  );
  const byId = Map.groupBy(trail, (each) => each.appointment_id);
  for (const [name, id] of ids) {
    const recorded = (byId.get(id) ?? []).map((each) => each.deed).sort();
    const done = ledger.of(name).deeds.toSorted();
    if (recorded.join() !== done.join())
      ledger.wrong(`the trail of ${name} has ${recorded}, and what was done is ${done}`);
  }
  await context.auditSeals.seal(office.id);
  const verdict = await context.auditSeals.verify(office.id);
  if (!verdict.ok) ledger.wrong(`the trail is damaged: ${verdict.what}`);
}

async function checkFigures({ ledger, context, office, at }: DayWorld): Promise<void> {
  await context.statistics.pass();
  const span = {
    from: Temporal.PlainDate.from('2026-11-30'),
    to: Temporal.PlainDate.from('2026-12-04'),
    channel: null,
    procedure: null,
    language: null,
  };
  const figures = await context.statistics.figures(at('taula-3'), office, span);
  const { booked, fulfilled, noshow, cancelled, unkept } = figures?.total ?? {};
  const counted = [booked, fulfilled, noshow, cancelled, unkept].join();
  const expected = [
    ledger.people.size,
    ledger.count('served'),
    ledger.count('missed'),
    ledger.count('cancelled'),
    ledger.broken,
  ].join();
  if (counted !== expected) ledger.wrong(`the figures are ${counted}, not ${expected}`);
}

/** Returns the day's counts in words. */
export function countsOf({ ledger }: DayWorld): string {
  const people = [...ledger.people.values()];
  const mails = people.flatMap((each) => each.told);
  const kinds = Map.groupBy(mails, (each) => each.kind);
  const told = [...kinds].map(([kind, some]) => `${some.length} ${kind}`).join(', ');
  const deeds = people.reduce((sum, each) => sum + each.deeds.length, 0);
  return [
    `${people.length} booked`,
    `${ledger.count('served')} served`,
    `${ledger.count('missed')} missed`,
    `${ledger.count('cancelled')} cancelled`,
    `${ledger.broken} not called`,
    `${deeds} deeds`,
    `${mails.length} mails (${told})`,
  ].join(', ');
}
