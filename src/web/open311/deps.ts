import type { Context } from 'hono';
import type { Logger } from 'pino';
import type { Config } from '../../config.ts';
import type { Offices } from '../../features/foundation/offices/service.ts';
import type { Tokens } from '../../features/foundation/tokens/service.ts';
import type { Requests } from '../../features/service/requests/service.ts';
import type { Clock } from '../../lib/clock.ts';
import type { SecurityLog } from '../../lib/security-events.ts';

export interface Open311Deps {
  config: Pick<Config, 'baseUrl' | 'declaredProxies' | 'demo'>;
  clock: Clock;
  offices: Pick<Offices, 'list' | 'town' | 'areas'>;
  tokens: Pick<Tokens, 'find'>;
  requests: Requests;
  security: SecurityLog;
  log: Pick<Logger, 'error'>;
  addressOf: (c: Context) => string;
}
