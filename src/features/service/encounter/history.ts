import { can } from '../../../domain/roles.ts';
import type { StaffViewer } from '../../../lib/viewer.ts';
import type { EarlierAppointment, Moment } from './types.ts';

/**
 * Whether a viewer may know of the documents and consents of another appointment of the same citizen: whoever works at another desk sees
 * that there was an appointment, and nothing of its papers.
 */
export const maySeeTraces = (
  viewer: StaffViewer,
  { desk }: Pick<EarlierAppointment, 'desk'>,
): boolean => can(viewer, 'see_every_document') || (viewer.desk !== null && viewer.desk === desk);

/** Returns what a citizen and the office had to do with each other, the latest first: appointments by their hour, the rest by when it was. */
export function timeLineOf(earlier: readonly EarlierAppointment[]): Moment[] {
  const moments = earlier.flatMap((of): Moment[] => [
    { kind: 'appointment', at: of.start, of },
    ...of.traces.map((trace): Moment => ({ kind: 'trace', at: trace.at, trace, of })),
  ]);
  const rank = (each: Moment) => Number(each.kind === 'trace');
  return moments.sort(
    (a, b) =>
      Temporal.Instant.compare(b.at, a.at) || rank(a) - rank(b) || (a.of.id < b.of.id ? -1 : 1),
  );
}
