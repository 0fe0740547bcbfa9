import type { TrialResult } from '../../../features/foundation/notices/service.ts';
import type { NoticeChannel } from '../../../features/foundation/notices/types.ts';
import type { OperatingFacts } from '../../../features/insight/operating/types.ts';
import type { Dates } from '../../../lib/i18n/dates.ts';
import { datesIn } from '../../../lib/i18n/dates.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import type { Trouble } from '../../../lib/log/recent-troubles.ts';
import { recentTroubles } from '../../../lib/log/recent-troubles.ts';
import { ErrorSummary } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { confirmFirst } from '../account/confirm.tsx';
import type { SignedInVisit, StaffDeps } from '../visit.tsx';
import { Looks, Now } from './now.tsx';
import { Jobs, Queues, Troubles } from './tables.tsx';
import { TrialForms } from './trial.tsx';

/** The parts of the context that the page needs. */
export type OperatingPageDeps = Pick<
  StaffDeps,
  'operating' | 'trials' | 'staff' | 'config' | 'offices' | 'security' | 'clock' | 'log'
>;

/** What somebody typed, and what became of it. */
export interface Tried {
  channel: NoticeChannel;
  to: string;
  result: TrialResult | { ok: false; reason: 'often' };
}

export interface ShownFacts {
  visit: SignedInVisit;
  facts: OperatingFacts;
  dates: Dates;
}

/** An operator tries a few times in a row, and then waits. An SMS costs money and may go to any number: three an hour. */
const OFTEN: Record<NoticeChannel, Parameters<typeof createLimiter>[1]> = {
  email: { burst: 10, perMinute: 0.5 },
  sms: { burst: 3, perMinute: 3 / 60 },
};

/** `/staff/operation`: how the installation runs, for operators. `POST /staff/operation/trial` sends a test message. */
export function operatingPage(deps: OperatingPageDeps) {
  const limiters = {
    email: createLimiter(deps.clock, OFTEN.email),
    sms: createLimiter(deps.clock, OFTEN.sms),
  };
  const page = async (visit: SignedInVisit, tried: Tried | null) => {
    const facts = await deps.operating.facts();
    const { timeZone } = await deps.offices.town();
    const dates = datesIn(visit.t.language, timeZone);
    const troubles = recentTroubles(deps.log);
    return show({ visit, facts, dates }, troubles, deps.config.baseUrl, tried);
  };
  const send = async (
    visit: SignedInVisit,
    channel: NoticeChannel,
    to: string,
  ): Promise<Tried['result']> => {
    const { t, session } = visit;
    if (limiters[channel].take(String(session.staff)) > 0) return { ok: false, reason: 'often' };
    const { host } = new URL(deps.config.baseUrl);
    const result = await deps.trials.send({
      channel,
      to,
      language: t.language,
      subject: t('operating.trial.subject'),
      text: t('operating.trial.message', { host }),
    });
    const isSent = result.ok || result.reason === 'refused' || result.reason === 'away';
    const what = channel === 'sms' ? 'sms' : 'mail';
    if (isSent) deps.security.note('operator.message_tested', { staff: session.staff, what });
    return result;
  };
  return {
    get: async (visit: SignedInVisit) =>
      visit.session.operator ? page(visit, null) : visit.c.notFound(),
    post: async (visit: SignedInVisit) => {
      if (!visit.session.operator) return visit.c.notFound();
      const form = await readForm(visit.c);
      const asked = await confirmFirst(deps, visit, form);
      if (asked) return asked;
      const channel = form.text('channel') === 'sms' ? 'sms' : 'email';
      const to = form.text(channel);
      return page(visit, { channel, to, result: await send(visit, channel, to) });
    },
  };
}

function show(
  shown: ShownFacts,
  troubles: readonly Trouble[],
  baseUrl: string,
  tried: Tried | null,
): Response {
  const { visit, facts } = shown;
  const { t } = visit;
  const wrong = wrongOf(tried);
  const title = t('operating.title');
  return visit.show(
    { title, ...(wrong && { status: 422, hasErrors: true }) },
    <>
      <ErrorSummary
        title={t('operating.trial.wrong.title')}
        problems={wrong ? [{ href: `#${tried?.channel}`, text: t(wrong) }] : []}
      />
      <h1>{title}</h1>
      <p class="lead">{t('operating.lead')}</p>
      <Looks t={t} facts={facts} />
      <Now {...shown} baseUrl={baseUrl} />
      {facts.stored ? <Queues {...shown} stored={facts.stored} /> : null}
      {facts.stored ? <Jobs {...shown} stored={facts.stored} /> : null}
      <Troubles {...shown} troubles={troubles} />
      <TrialForms visit={visit} tried={tried} wrong={wrong} />
    </>,
  );
}

/** Returns the text of what was wrong with what was typed; null: nothing, or the server has said it. */
function wrongOf(tried: Tried | null) {
  if (!tried || tried.result.ok) return null;
  switch (tried.result.reason) {
    case 'none':
      return 'operating.trial.wrong.none' as const;
    case 'often':
      return 'operating.trial.wrong.often' as const;
    case 'unreached':
      return 'operating.trial.wrong.unreached' as const;
    case 'invalid':
      return tried.channel === 'sms'
        ? ('operating.trial.wrong.sms' as const)
        : ('operating.trial.wrong.mail' as const);
    default:
      return null;
  }
}
