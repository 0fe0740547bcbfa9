import type { StaffViewer } from '../../../src/lib/viewer.ts';

/** Somebody who coordinates an office, without a desk and without an account: for looking into a service from a test. */
export const coordinatorOf = (office: { id: number }): StaffViewer => ({
  kind: 'staff',
  staff: 0,
  name: '',
  office: office.id,
  role: 'coordinator',
  desk: null,
});
