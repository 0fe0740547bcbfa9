import { z } from 'zod';
import { day, email, line, listOf, phoneNumber, texts, url } from './fields.ts';

/** The data that the privacy page must name (RGPD, art. 13) and that each town must provide. */
export const privacy = z
  .strictObject({
    controller: texts(200, 'who answers for the data, by its official name').exactOptional(),
    address: line(300, 'where the controller gets its post').exactOptional(),
    dpo: z
      .strictObject({ email: email.exactOptional(), url: url.exactOptional() })
      .describe('how to reach the data-protection officer, whom every public office must have')
      .exactOptional(),
    authority: z
      .strictObject({ name: texts(200, 'its name'), url })
      .describe('the data-protection authority that watches over this town')
      .exactOptional(),
    recipients: listOf(
      texts(200, 'who else gets data, and what for'),
      'others who get data',
    ).default([]),
  })
  .describe('what the page on privacy says of the town');

const exception = z.strictObject({
  text: texts(500, 'what is not accessible, and what to do instead'),
  why: z
    .enum(['not-met', 'burden', 'out-of-scope'])
    .describe(
      'not-met: it fails the rules; burden: mending it would be a disproportionate burden; out-of-scope: the law exempts it',
    )
    .default('not-met'),
});

/** The content of the accessibility statement (RD 1112/2018, art. 15, and Decision (EU) 2018/1523). */
export const accessibility = z
  .strictObject({
    status: z
      .enum(['fully', 'partially', 'not'])
      .describe('how far the pages conform')
      .default('partially'),
    prepared: day.describe('the day on which the statement was prepared').exactOptional(),
    reviewed: day.describe('the day on which it was last reviewed').exactOptional(),
    method: texts(500, 'how it was assessed: by the town itself, or by whom').exactOptional(),
    exceptions: listOf(exception, 'exceptions').default([]),
    unit: texts(200, 'the unit that answers for accessibility').exactOptional(),
    contact: z
      .strictObject({
        email: email.exactOptional(),
        phone: phoneNumber.exactOptional(),
        url: url.exactOptional(),
      })
      .describe("where barriers are reported; by default the town's own contact")
      .exactOptional(),
    complaints: url
      .describe('where one complains when the answer does not satisfy (RD 1112/2018, art. 13)')
      .exactOptional(),
  })
  .describe('what the accessibility statement says of the town');

/** The day of the last review of this software's own part of the statement. */
export const STATEMENT_PREPARED = '2026-11-24';
