import { expect, test } from 'vitest';
import type { PersonHere } from '../../../features/foundation/people/types.ts';
import type { StaffRole, StaffViewer } from '../../../lib/viewer.ts';
import { peopleFor } from './people.ts';

const person = (staff: number, role: StaffRole) =>
  ({ staff, name: `${role} ${staff}`, post: { role, desk: null } }) as PersonHere;
const people = {
  list: async () => [person(1, 'agent'), person(2, 'councillor'), person(3, 'administrator')],
};
const as = (role: StaffRole) => ({ viewer: { staff: 9, role } as StaffViewer });

test('cases and requests are given to whoever serves citizens, by those who coordinate', async () => {
  const staff = async (role: StaffRole) =>
    (await peopleFor({ people } as never, as(role))).map((each) => each.staff);
  expect(await staff('coordinator')).toEqual([1, 3]);
  expect(await staff('agent')).toEqual([]);
});
