import { checkGraph } from '../../features/service/calendars/service.ts';
import type { Clock } from '../../lib/clock.ts';
import type { GraphSettings } from '../../lib/graph/settings.ts';
import { type Finding, right, warning, wrong } from './report.ts';

/** Asks Microsoft 365 whether it accepts this installation: secrets there end after two years at most. */
export async function aboutGraph(settings: GraphSettings, clock: Clock): Promise<Finding> {
  const trouble = await checkGraph(settings, clock);
  const place = `${settings.loginUrl}/${settings.tenant}`;
  if (trouble === null) return right(`Microsoft 365 accepts this installation: ${place}`);
  if (trouble === 'unregistered')
    return wrong(
      `Microsoft 365 (${place}) does not accept this installation.`,
      'Has GRAPH_CLIENT_SECRET expired? Are GRAPH_TENANT and GRAPH_CLIENT_ID those of the registration? docs/operating.md, Calendars.',
    );
  return warning(
    `Microsoft 365 (${place}) could not be asked: ${trouble}.`,
    'Does the firewall let this machine through? Are GRAPH_LOGIN_URL and GRAPH_TENANT right?',
  );
}
