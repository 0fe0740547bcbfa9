import type { Context as Request } from 'hono';
import { MEGABYTE } from '../../../../domain/form/answers/things.ts';
import {
  browserSecretIn,
  hadSession,
  keepBrowserSecret,
} from '../../../../features/foundation/identification/service.ts';
import type { Case } from '../../../../features/service/cases/types.ts';
import { hashSecret } from '../../../../lib/secrets.ts';
import { isFileForm, readFileForm } from '../../../files/upload.ts';
import { formOf, readForm, type Form as Sent } from '../../../form.ts';
import { senderIn } from '../../documents/sender.ts';
import { browserOf } from '../../identify/session.ts';
import type { CitizenDeps, Visit } from '../../visit.tsx';
import { REPLY } from '../amending/amends.ts';
import { MESSAGES } from '../messages/part.tsx';
import { MOST_MEGABYTES } from '../papers/sending.ts';

/** Under which an address names what was typed when the session had ended. */
const KEPT = 'kept';
/** Minutes for which that is kept: somebody identifies in between. */
const KEPT_MINUTES = 30;

type Deps = Pick<CitizenDeps, 'drafts' | 'baseUrl' | 'addressOf'>;

/**
 * Returns the address of a page of a case, for whoever comes back to it identified, with what was typed there. It is kept only in a browser whose
 * session has ended or is of a lower level, and for that browser alone: whoever has the link could otherwise put words before its owner.
 */
export async function addressToReturn(
  deps: Deps,
  { c, session }: Pick<Visit, 'c' | 'session'>,
  { person }: Pick<Case, 'person'>,
): Promise<string> {
  const { pathname, searchParams } = new URL(c.req.url);
  for (const each of ['draft', KEPT]) searchParams.delete(each);
  const isOwn = session ? session.person === person : hadSession(browserOf(c).cookie, deps.baseUrl);
  const isAnswer = c.req.method === 'POST' && stepIn(c) !== undefined;
  if (isAnswer && isOwn) searchParams.set(KEPT, await keepTyped(deps, c));
  const query = searchParams.toString();
  return query ? `${pathname}?${query}` : pathname;
}

async function keepTyped(deps: Deps, c: Request): Promise<string> {
  const { drafts, baseUrl } = deps;
  const browser = keepBrowserSecret(browserOf(c).cookie, baseUrl);
  c.header('Set-Cookie', browser.cookie, { append: true });
  const typed = Buffer.from(JSON.stringify(await fieldsSent(deps, c)));
  return drafts.keep(placeOf(c, browser.secret), typed, KEPT_MINUTES);
}

/** The names and texts of fields; null: what was sent could not be read, so nothing of it is kept. */
type Fields = [string, string][] | null;

/** Returns what was typed. Files are not kept: they are chosen again. */
async function fieldsSent(deps: Deps, c: Request): Promise<Fields> {
  if (!isFileForm(c)) return (await readForm(c)).fields();
  const sender = senderIn(deps, { c, secret: c.req.param('secret') ?? '' });
  using read = await readFileForm(c, MOST_MEGABYTES * MEGABYTE, sender);
  return read.ok ? read.form.fields() : null;
}

/**
 * Returns what somebody had typed on this page when their session had ended; null: nothing is kept, or not for this browser. `lost`: what they
 * sent was too large, or came when there was no room, so that nothing could be kept.
 */
export async function typedBefore(
  { drafts, baseUrl }: Pick<Deps, 'drafts' | 'baseUrl'>,
  c: Request,
): Promise<Sent | 'lost' | null> {
  const kept = c.req.query(KEPT);
  const browser = browserSecretIn(browserOf(c).cookie, baseUrl);
  const found = kept && browser ? await drafts.find(kept, placeOf(c, browser)) : null;
  if (!found) return null;
  const fields = JSON.parse(found.toString()) as Fields;
  return fields ? formOf(fields) : 'lost';
}

/** Returns what kept text is bound to: the page in any language, whichever place one of a group has by now, and the browser. */
function placeOf(c: Request, browser: string): string {
  const { secret, question } = c.req.param() as Record<string, string | undefined>;
  return [
    'case',
    secret,
    stepIn(c),
    question ?? '',
    hashSecret(browser).toString('base64url'),
  ].join('/');
}

/** Returns the step of a page on which somebody types; undefined: it is another page. */
const stepIn = (c: Request): string | undefined =>
  c.req.param('step') ?? [REPLY, MESSAGES].find((each) => c.req.path.endsWith(`/${each}`));
