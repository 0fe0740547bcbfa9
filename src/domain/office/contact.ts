import { z } from 'zod';
import { email, phoneNumber, texts, url } from './fields.ts';

/** How people reach an office or the town. */
export const contact = z.strictObject({
  email: email.exactOptional(),
  phone: phoneNumber.exactOptional(),
  url: url.exactOptional(),
  form: url.describe('a page where one can write to it without e-mail').exactOptional(),
  relay: url
    .describe('the relay service by which deaf people call it, such as https://www.svisual.org')
    .exactOptional(),
});

/** Another way to be served than an appointment. */
export const otherWay = z
  .strictObject({
    name: texts(200, 'what this way is called'),
    text: texts(1000, 'what can be done there').exactOptional(),
    url: url.exactOptional(),
    phone: phoneNumber.exactOptional(),
  })
  .describe('another way to be served: on-line, by telephone (010)');
