import { get, type Handler, type Route } from '../routes.ts';
import { problem } from './problem.tsx';
import { urls } from './urls.ts';
import { type CitizenDeps, type Visit, visitOf } from './visit.tsx';
import type { visits } from './visits.ts';

/** The pages of an appointment to which an SMS leads, besides its first one. */
const PAGES = ['contact', 'documents', 'survey'] as const;

/**
 * The addresses in SMS: `/s/{secret}` of an appointment, `/w/{secret}` of an entry of the wait list, `/n/{token}` of a notice. They carry the
 * same secret as the long address, which they lead to in the language of the appointment, the entry or the notice. The same guards stand
 * before them, so an unknown secret is refused, limited and noted alike.
 */
export function shortLinks(deps: CitizenDeps, a: ReturnType<typeof visits>): Route[] {
  return [
    ...(['', ...PAGES] as const).map((page) =>
      get(
        `/s/:secret${page && `/${page}`}`,
        'appointment',
        a.appointment((visit) => {
          const { appointment, secret } = visit;
          return lead(visit, urls(appointment.noticeLanguage).appointment(secret, page));
        }),
      ),
    ),
    get(
      '/w/:secret',
      'waiting',
      a.waiting((visit) => lead(visit, urls(visit.waiting.noticeLanguage).waiting(visit.secret))),
    ),
    get('/n/:token', 'notice', toObjection(deps)),
  ];
}

const toObjection =
  (deps: CitizenDeps): Handler =>
  async (c) => {
    const visit = await visitOf(deps, c);
    const token = c.req.param('token') ?? '';
    const found = await deps.objecting.find(token);
    return found ? lead(visit, urls(found.language).notMe(token)) : problem(visit, 'not_found');
  };

/** Redirects without leaving the secret in a cache. */
function lead({ c, redirect }: Pick<Visit, 'c' | 'redirect'>, to: string): Response {
  c.header('Cache-Control', 'no-store');
  return redirect(to);
}
