import type { Feature } from '../../feature.ts';
import type { CalendarConnections } from './connections.ts';
import type { CalendarFeeds } from './service.ts';
import { connectionsDue, feedsDue } from './views.ts';

interface Services {
  calendarFeeds: CalendarFeeds;
  calendarConnections: CalendarConnections;
}

export const calendars: Feature<Services> = {
  name: 'calendars',
  tables: {
    calendar_feed: {
      ends: 'It says who on the staff reads a desk in a calendar, until they end it or no longer may see the desk.',
    },
    calendar_connection: {
      ends: 'It has the name and the sealed password of a calendar, and is deleted when it is ended or its person leaves the desk.',
    },
    calendar_entry: {
      ends: 'It says that an appointment is in a calendar, and is deleted a week after the appointment, or with the connection.',
    },
  },
  growth: {
    calendar_feed: 'town',
    calendar_connection: 'town',
    calendar_entry: { until: 'a week after the appointment' },
  },
  auditActions: [
    'calendar_feed_made',
    'calendar_feed_ended',
    'calendar_connected',
    'calendar_changed',
    'calendar_ended',
  ],
  jobs: [
    {
      what: 'to end the calendar feeds of those who no longer see the desk',
      everyMs: 60_000,
      due: feedsDue,
      run: ({ calendarFeeds }) => calendarFeeds.sweep(),
    },
    {
      what: 'to read and write connected calendars',
      everyMs: 60_000,
      due: connectionsDue,
      restMs: 5_000,
      onCommit: true,
      run: ({ calendarConnections }) => calendarConnections.sync(),
    },
  ],
};
