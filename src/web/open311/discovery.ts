import type { Data } from './answers.ts';

/** What a discovery document says (Open311, Service Discovery). */
export interface Discovered {
  baseUrl: string;
  /** The last time that any office declared its types; null: never. */
  changedAt: Temporal.Instant | null;
  timeZone: string;
  contact: string;
  keyService: string;
  /** Whether it is a demonstration, whose requests nobody acts on. */
  isTest: boolean;
}

/** The address of the interface, below that of the town. */
export const GEOREPORT = '/open311/v2';

/** Returns the document at which clients begin: which interfaces there are, where and in which formats. */
export function discoveryOf(told: Discovered): Data {
  const changeset = changesetOf(told);
  return {
    changeset,
    contact: told.contact,
    key_service: told.keyService,
    endpoints: [
      {
        specification: 'http://wiki.open311.org/GeoReport_v2',
        url: told.baseUrl + GEOREPORT,
        changeset,
        type: told.isTest ? 'test' : 'production',
        formats: ['text/xml', 'application/json'],
      },
    ],
  };
}

/** A sortable time, such as `2026-11-30 08:15`. */
const changesetOf = ({ changedAt, timeZone }: Discovered): string =>
  (changedAt ?? Temporal.Instant.fromEpochMilliseconds(0))
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'minute' })
    .replace('T', ' ');
