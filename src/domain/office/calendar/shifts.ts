import { z } from 'zod';
import { code, day, endTime, line, listOf, moment, time, WEEKDAYS } from '../fields.ts';

/** When a desk is attended, week by week. */
export const shift = z.strictObject({
  desk: code.describe('the code of the desk'),
  weekdays: listOf(z.enum(WEEKDAYS), 'days of the week', 1),
  from: time.describe('when it begins, local time'),
  to: endTime.describe('when it ends; not later than from: on the next day'),
  since: day.describe('the first day'),
  until: day.describe('the last day').exactOptional(),
  except: listOf(day, 'days')
    .describe('days on which it does not begin though the rest says so')
    .exactOptional(),
});

/** When a desk is not attended though its shifts say so. */
export const absence = z.strictObject({
  desk: code.describe('the code of the desk'),
  from: moment.describe('from when; a day alone: from its start'),
  to: moment.describe('until when; a day alone: to its end'),
  why: line(200, 'why; only staff see it').exactOptional(),
});
