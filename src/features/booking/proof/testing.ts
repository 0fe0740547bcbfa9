import type { CitizenViewer } from '../../../lib/viewer.ts';

const AT = Temporal.Instant.from('2026-11-30T06:00:00Z');

/** A citizen who typed a code in their browser, for tests. */
export const provedCitizen = (appointment: string): CitizenViewer => ({
  kind: 'citizen',
  appointment,
  proof: { browser: '00'.repeat(32), at: AT, channel: 'sms', masked: '078', setBy: 'citizen' },
});
