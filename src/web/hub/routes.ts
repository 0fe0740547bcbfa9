import { createHash, randomBytes } from 'node:crypto';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import type { FolderSettings } from '../../domain/office/connectors/folder.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { HubFolder } from '../../features/service/hub-folder/service.ts';
import type { Clock } from '../../lib/clock.ts';
import { isUnavailable } from '../../lib/db/database.ts';
import { formatError } from '../../lib/format-error.ts';
import { createLimiter } from '../../lib/limiter.ts';
import type { SecurityLog } from '../../lib/security-events.ts';
import { exactAddress } from '../address.ts';
import { type Guards, get, mount } from '../routes.ts';
import { answerWith, type HubAnswer, issuerOf, NOTHING } from './answer.ts';
import { refusalOf } from './caller.ts';
import { questionIn } from './query.ts';

export interface HubDeps {
  config: Pick<Config, 'folderSecret' | 'declaredProxies' | 'baseUrl'>;
  clock: Clock;
  offices: Pick<Offices, 'town'>;
  hubFolder: HubFolder;
  security: SecurityLog;
  log: Pick<Logger, 'error'>;
  addressOf: (c: Context) => string;
}

/** Questions of the hub: each person who opens their folder there makes one. */
const QUESTIONS = { burst: 300, perMinute: 600 };
/** Questions about one person: opening the folder again and again. */
const OF_ONE = { burst: 20, perMinute: 10 };
/** Refused questions from one address. */
const REFUSED = { burst: 20, perMinute: 10 };

/** The documented fictitious person, the only one of whom a trial has answers. */
const FICTITIOUS = '00000000T';

/** `/hub/consultaCitesPrevies`: the appointments of a person, for the Hub de Carpetes Ciutadanes (docs/operating.md). */
export function hubRoutes(deps: HubDeps, guards: Guards = hubGuards(deps)): Hono {
  const app = new Hono();
  const answer = consult(deps);
  const handle = (c: Context) =>
    answer(c).catch((error: unknown) => {
      deps.log.error(formatError(error), 'A question of the hub of folders failed');
      if (isUnavailable(error)) c.header('Retry-After', '60');
      return refuse(c, isUnavailable(error) ? 503 : 500, '500', 'Ara no es pot respondre');
    });
  mount(app, [get('/hub/consultaCitesPrevies', 'hub', handle)], guards);
  return app;
}

function consult({ clock, offices, hubFolder, config, security, addressOf }: HubDeps) {
  const questions = createLimiter(clock, QUESTIONS);
  const ofOne = createLimiter(clock, OF_ONE);
  const salt = randomBytes(16);
  return async (c: Context): Promise<Response> => {
    const town = await offices.town();
    const issuer = issuerOf(town, config.baseUrl);
    if (!town.folder || !issuer) return c.notFound();
    const query = new URL(c.req.url).searchParams;
    const asked = questionIn(query);
    if (!asked.ok)
      return refuse(c, 400, '400', `El paràmetre ${asked.parameter} falta o no és vàlid`);
    const { question } = asked;
    const one = createHash('sha256').update(salt).update(JSON.stringify(question.id)).digest('hex');
    const wait = questions.take('hub') || (question.id && ofOne.take(one)) || 0;
    if (wait > 0) return tooMany(c, wait);
    const isOther = (code: string | null, own: string | null) => code !== null && code !== own;
    if (isOther(question.ine10, issuer.ine10) || isOther(question.dir3, issuer.dir3)) {
      security.note('folder.refused', { what: 'other_town' }, addressOf(c));
      return send(c, 200, NOTHING);
    }
    const isAnswered = !town.folder.isTrial || question.id?.identifier === FICTITIOUS;
    const id = isAnswered ? question.id : null;
    return send(c, 200, answerWith(await hubFolder.held({ ...question, id }), issuer));
  };
}

/** Returns the guard of the hub: whoever isn't it is refused, which is a security event. Without a hub there is nothing. */
export function hubGuards(deps: Omit<HubDeps, 'hubFolder' | 'log'>): Guards {
  const { clock, config, offices, security, addressOf } = deps;
  const refused = createLimiter(clock, REFUSED);
  const why = (c: Context, settings: FolderSettings) =>
    refusalOf(
      {
        secret: c.req.header('Folder-Secret'),
        certificate: c.req.header('Client-Cert'),
        address: exactAddress(c, config.declaredProxies),
      },
      settings,
      config.folderSecret,
      clock.now(),
    );
  return {
    of: {
      hub: async (c) => {
        const { folder } = await offices.town();
        if (!folder) return c.notFound();
        const what = why(c, folder);
        if (!what) return null;
        security.note('folder.refused', { what }, addressOf(c));
        const wait = refused.take(addressOf(c));
        return wait > 0 ? tooMany(c, wait) : refuse(c, 403, '403', 'No autoritzat');
      },
    },
  };
}

function tooMany(c: Context, wait: number): Response {
  c.header('Retry-After', String(wait));
  return refuse(c, 429, '509', 'Massa consultes');
}

type Status = 200 | 400 | 403 | 429 | 500 | 503;

const refuse = (c: Context, status: Status, codiResultat: string, descripcioResultat: string) =>
  send(c, status, { codiResultat, descripcioResultat });

function send(c: Context, status: Status, answer: HubAnswer): Response {
  c.header('Cache-Control', 'no-store');
  c.header('X-Robots-Tag', 'noindex');
  return c.json(answer, status);
}
