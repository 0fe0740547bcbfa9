import { expect, test } from 'vitest';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { Trace } from '../traces/types.ts';
import { maySeeTraces, timeLineOf } from './rules.ts';
import type { EarlierAppointment } from './types.ts';

const at = (text: string) => Temporal.Instant.from(`2026-11-${text}:00Z`);
const trace = (what: Trace['what'], when: string, count = 1): Trace => ({
  what,
  count,
  at: at(when),
});
const earlier = (id: string, start: string, traces: Trace[] = []): EarlierAppointment => ({
  id,
  reference: id,
  start: at(start),
  status: 'fulfilled',
  channel: 'phone',
  procedure: 'volant',
  name: 'Rosa',
  sameEmail: true,
  samePhone: false,
  link: null,
  who: null,
  actor: null,
  desk: 1,
  items: [],
  wrapUp: null,
  traces,
});

test('what a citizen and the office had to do with each other, the latest first', () => {
  const line = timeLineOf([
    earlier('b', '20T09:00', [trace('sent', '18T10:00', 2), trace('given', '20T09:20')]),
    earlier('a', '10T09:00', [trace('consented', '10T09:10')]),
  ]);
  expect(line.map((each) => (each.kind === 'trace' ? each.trace.what : each.of.id))).toEqual([
    'given',
    'b',
    'sent',
    'consented',
    'a',
  ]);
});

test('documents and consents of another desk are for those who see every document', () => {
  const viewer = (role: StaffViewer['role'], desk: number | null): StaffViewer => ({
    ...{ kind: 'staff', staff: 1, name: 'Laia', office: 1, role, desk },
  });
  expect(maySeeTraces(viewer('agent', 1), { desk: 2 })).toBe(false);
  expect(maySeeTraces(viewer('agent', null), { desk: 2 })).toBe(false);
  expect(maySeeTraces(viewer('agent', 2), { desk: 2 })).toBe(true);
  expect(maySeeTraces(viewer('coordinator', null), { desk: 2 })).toBe(true);
});
