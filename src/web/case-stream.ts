import type { Context as Request } from 'hono';
import type { Context } from '../context.ts';

/** Seconds until a page tries again after too many streams. */
const LATER = '60';

/**
 * Sends `changed` after each change of a case's answers, without saying which: the page is fetched again, by whoever may see it. `hello`: it
 * follows from now on. `of`: whose stream it is.
 */
export async function caseStream(
  { caseNews, streams }: Pick<Context, 'caseNews' | 'streams'>,
  c: Request,
  on: { of: string; case: { office: number; id: string }; mayGoOn(): Promise<boolean> },
): Promise<Response> {
  const answer = await streams.open({
    of: on.of,
    begin: async (stream) => {
      stream.send({ event: 'hello', data: {} });
      return caseNews.follow(on.case, () => stream.send({ event: 'changed', data: {} }));
    },
    mayGoOn: on.mayGoOn,
  });
  return answer ?? c.body(null, 429, { 'Retry-After': LATER });
}
