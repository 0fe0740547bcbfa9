import { hasRoom, isCalled } from '../../../domain/channel.ts';
import type { ColleagueRequest, RequestState } from '../../../features/service/colleagues/types.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { mayTalk } from '../../../features/service/room/rules.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';

/** A request about the encounter, as its agent sees it. */
export interface Asked extends ColleagueRequest {
  state: RequestState;
  /** Whether the colleague is in the room. */
  isThere: boolean;
}

/** Returns the requests that the agent of an encounter has to know of: of each colleague the last. */
export async function askedOf(
  { colleagues, room }: StaffDeps,
  { viewer }: DeskVisit,
  { appointment }: Dossier,
): Promise<Asked[]> {
  if (appointment.status !== 'in_progress') return [];
  const all = await colleagues.list(viewer, appointment.id);
  const last = new Map(all.map((each) => [`${each.kind} ${each.to.staff}`, each]));
  const present = last.size > 0 ? await room.present(appointment) : [];
  return [...last.values()]
    .filter(({ state }) => state !== 'over' && state !== 'withdrawn')
    .map((each) => ({ ...each, isThere: present.some(({ colleague }) => colleague === each.id) }));
}

const addressOf = ({ base }: DeskVisit, appointment: string) =>
  `${base}/appointment/${appointment}`;

interface PanelProps {
  visit: DeskVisit;
  dossier: Dossier;
  asked: readonly Asked[];
}

/** The colleagues who were asked, and the ways to ask, for the agent of the encounter. The `console` island renews it. */
export function ColleaguesPanel({ visit, dossier, asked }: PanelProps) {
  const { t, viewer } = visit;
  const { channel, status } = dossier.appointment;
  if (status !== 'in_progress' || !mayTalk(dossier.events, actorOf(viewer))) return null;
  const at = addressOf(visit, dossier.appointment.id);
  return (
    <section class="stack" id="colleagues" aria-labelledby="colleagues-title" data-from={at}>
      <h2 id="colleagues-title">{t('colleagues.title')}</h2>
      {asked.length > 0 ? (
        <ul class="lists">
          {asked.map((each) => (
            <Entry key={each.id} visit={visit} of={each} />
          ))}
        </ul>
      ) : null}
      {isCalled(channel) ? <p class="soft small">{t('colleagues.byPhone')}</p> : null}
      <ul class="unmarked ways">
        {hasRoom(channel) ? (
          <li>
            <a href={`${at}/colleague`}>{t('colleagues.ask.title')}</a>
          </li>
        ) : null}
        <li>
          <a href={`${at}/hand-over`}>{t('colleagues.handOver.title')}</a>
        </li>
      </ul>
    </section>
  );
}

function Entry({ visit, of }: { visit: DeskVisit; of: Asked }) {
  const { t, office } = visit;
  const desk = of.to.desk === null ? '' : office.desk(of.to.desk)?.name;
  const button = of.state === 'in' ? 'letGo' : of.state === 'asked' ? 'withdraw' : null;
  return (
    <li class="stack">
      <div>
        <b>{of.to.name}</b> {desk ? <span class="soft">{desk}</span> : null}{' '}
        <State visit={visit} of={of} />
      </div>
      {button ? (
        <form method="post" action={`${addressOf(visit, of.appointment)}/colleague/${of.id}/end`}>
          <button type="submit" class="link">
            {t(`colleagues.${button}`)}
            <span class="hide"> ({of.to.name})</span>
          </button>
        </form>
      ) : null}
    </li>
  );
}

function State({ visit: { t, dates }, of }: { visit: DeskVisit; of: Asked }) {
  const { kind, state } = of;
  if (state === 'in')
    return (
      <Tag kind={of.isThere ? 'good' : 'now'}>
        {t(`colleagues.state.join.${of.isThere ? 'in' : 'coming'}`)}
      </Tag>
    );
  if (state === 'declined' || state === 'lapsed')
    return <Tag kind="plain">{t(`colleagues.state.${kind}.${state}`)}</Tag>;
  return (
    <Tag kind="now">{t(`colleagues.state.${kind}.asked`, { time: dates.time(of.askedAt) })}</Tag>
  );
}

/** `…/colleague/{request}/end`: takes a request back, or lets a colleague go. */
export const endRequest =
  ({ colleagues }: StaffDeps) =>
  async (visit: DeskVisit): Promise<Response> => {
    const { c, viewer } = visit;
    const done = await colleagues.end(viewer, c.req.param('request') ?? '');
    const back = addressOf(visit, c.req.param('id') ?? '');
    return done.ok ? visit.redirect(`${back}#colleagues`) : c.notFound();
  };
