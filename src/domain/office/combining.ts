import { z } from 'zod';
import { code, listOf, whole, yesNo } from './fields.ts';

/** What one appointment may be for. By default one procedure and one person. */
export const combining = z
  .strictObject({
    procedures: whole(1, 10, 'procedures that one appointment may have').default(1),
    people: whole(
      1,
      20,
      'people that one appointment may be for, where the procedure does not set another number',
    ).default(1),
    minutes: whole(
      1,
      480,
      'minutes that an appointment for several procedures or people may take',
    ).default(120),
    roundTo: whole(1, 60, 'its minutes are rounded up to a multiple of these').default(5),
  })
  .describe('appointments for several procedures and several people');

/** How a procedure goes into an appointment with others, and for several people. */
export const procedureCombining = z
  .strictObject({
    alone: yesNo('whether it is always booked without another procedure').default(false),
    with: listOf(code, 'codes of procedures')
      .describe('the procedures that it may be booked with; by default any')
      .default([]),
    further: whole(
      0,
      480,
      'minutes that it adds to a longer procedure; by default its own',
    ).exactOptional(),
    perPerson: whole(
      0,
      480,
      'minutes that each person after the first adds; by default those of further',
    ).exactOptional(),
    people: whole(
      1,
      20,
      "people that it may be booked for; by default the office's",
    ).exactOptional(),
  })
  .describe('how it is booked with other procedures, and for several people');
