import type { Feature } from '../../feature.ts';
import type { CalendarFeeds } from './service.ts';

export const calendars: Feature<{ calendarFeeds: CalendarFeeds }> = {
  name: 'calendars',
  tables: {
    calendar_feed: {
      ends: 'It says who on the staff reads a desk in a calendar, until they end it or no longer may see the desk.',
    },
  },
  auditActions: ['calendar_feed_made', 'calendar_feed_ended'],
  jobs: [
    {
      what: 'to end the calendar feeds of those who no longer see the desk',
      everyMs: 60_000,
      run: ({ calendarFeeds }) => calendarFeeds.sweep(),
    },
  ],
};
