import type { ProblemName } from '../../../lib/problem.ts';

/** The advice for each problem, shown at the address in its `type`. */
export const PROBLEM_HELP: Record<ProblemName, string> = {
  'malformed-json': 'Send JSON in UTF-8 (RFC 8259). Sending the same again won’t help.',
  unauthenticated:
    'Send `Authorization: Bearer` and the token. If you do, the token is mistaken, it has ended, or it may not be used from the address of your server: ask the town.',
  'insufficient-scope':
    'The token has not got the scope that `WWW-Authenticate` names. Ask the town for a token with it, if your program needs it.',
  'not-found':
    'Look at the address. A token opens one office: whatever belongs to another answers as if it didn’t exist.',
  'method-not-allowed': 'Use one of the methods in the `Allow` header.',
  'slot-taken':
    'Ask for the free times again and let the person choose another. When an appointment was to be moved, it stays as it was.',
  'idempotency-conflict':
    'The same `externalId` or `Idempotency-Key` was sent before with other content. Use a new key for a new appointment; to change one, PATCH it.',
  'contact-frozen':
    'There are documents or acts of this appointment, and the codes that open them go to the citizen’s telephone and e-mail. Only the citizen and the office change them now. Nothing of the request was done.',
  'not-open': 'It has begun, is over or was cancelled. Read the appointment to see which.',
  'case-changed':
    'Somebody else took a step. Read the case again and look whether yours still fits.',
  'step-not-allowed':
    'Take one of the `steps` that the case lists. A token never hands in, amends, withdraws, decides or closes.',
  'not-offered':
    'The office took the procedure or the language out of its catalogue. Book another, or cancel.',
  'body-too-large': 'A request has at most 64 kB.',
  'unsupported-media-type': 'Send `Content-Type: application/json`.',
  invalid:
    'Each of `fields` says what is wrong: `name` is the path in the body or the query, `reason` is for your program, `message` for you.',
  'too-many-requests': 'Wait as many seconds as `Retry-After` says.',
  bug: 'It is written down and will be looked at. A booking with a key may be sent again: it is never made twice.',
  'not-now':
    'Wait as many seconds as `Retry-After` says and send it again. Nothing was changed, unless the connection broke while it was answered: a key makes sure.',
};
