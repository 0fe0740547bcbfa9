import { describe, expect, test } from 'vitest';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { concerns } from './rules.ts';
import type { OfficeEvent } from './types.ts';

const viewer = (role: StaffRole, desk: number | null): StaffViewer => ({
  kind: 'staff',
  staff: 7,
  name: 'Marta',
  office: 1,
  role,
  desk,
});
const at = Temporal.Instant.from('2026-11-30T08:00:00Z');
const news = (more: Partial<OfficeEvent>): OfficeEvent => ({
  ...{ id: 1, office: 1, appointment: 'a', kind: 'moved', at, actor: 'citizen', desk: 3 },
  ...{ data: {}, start: at, name: 'Rosa', procedure: 'volant-padro' },
  ...more,
});

describe('who is told', () => {
  test.each<[string, StaffViewer, Partial<OfficeEvent>, boolean]>([
    ['an agent of what is at their desk', viewer('agent', 3), {}, true],
    ['an agent not of another desk’s', viewer('agent', 4), {}, false],
    ['an agent of what has left their desk', viewer('agent', 4), { data: { leftDesk: 4 } }, true],
    ['an agent without a desk of nothing', viewer('agent', null), {}, false],
    ['a coordinator of every desk’s', viewer('coordinator', null), {}, true],
    ['a coordinator with a desk too', viewer('coordinator', 4), {}, true],
    ['nobody of what they did', viewer('coordinator', null), { actor: 'staff:7' }, false],
    ['of what somebody else did', viewer('coordinator', null), { actor: 'staff:77' }, true],
    ['nobody of another office’s', viewer('coordinator', null), { office: 2 }, false],
  ])('%s', (_, who, what, expected) => {
    expect(concerns(who, news(what))).toBe(expected);
  });
});
