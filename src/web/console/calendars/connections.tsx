import {
  mayChange,
  mayConnectDesks,
  mayConnectOwn,
  mayEndConnection,
  standingOf,
} from '../../../features/service/calendars/rules.ts';
import type { Connection } from '../../../features/service/calendars/types.ts';
import { LinkButton } from '../../../ui/buttons.tsx';
import { Table, Tag, type TagKind } from '../../../ui/parts.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';

const KINDS: Partial<Record<ReturnType<typeof standingOf>, TagKind>> = {
  works: 'good',
  busy: 'now',
  new: 'plain',
  choose: 'warn',
  throttled: 'warn',
  away: 'warn',
};

/** How a connection stands: a word, a sign and a colour. */
export function ConnectionState({ visit, of }: { visit: DeskVisit; of: Connection }) {
  const { t, now } = visit;
  const standing = standingOf(of, now);
  return <Tag kind={KINDS[standing] ?? 'bad'}>{t(`calendars.state.${standing}`)}</Tag>;
}

/** Returns a moment in words. */
export const momentWords = ({ t, dates }: DeskVisit, at: Temporal.Instant): string =>
  t('calendars.moment', { day: dates.briefDay(at), time: dates.time(at) });

/** The section of connected calendars, with the ways to connect one. */
export function Connections(props: {
  visit: DeskVisit;
  connections: readonly Connection[];
  names: ReadonlyMap<number, string>;
}) {
  const { visit, connections, names } = props;
  const { t, viewer, base } = visit;
  const own = connections.some((each) => each.staff === viewer.staff);
  return (
    <section class="stack" aria-labelledby="connections">
      <h2 id="connections">{t('calendars.connections.title')}</h2>
      <p>{t('calendars.connections.text')}</p>
      {connections.length > 0 ? (
        <List visit={visit} connections={connections} names={names} />
      ) : null}
      <p class="row">
        {mayConnectOwn(viewer) ? (
          <a href={`${base}/calendars/own`}>
            {t(own ? 'calendars.connections.own' : 'calendars.connections.connectOwn')}
          </a>
        ) : null}
        {mayConnectDesks(viewer) ? (
          <a href={`${base}/calendars/connect`}>{t('calendars.connections.connectDesk')}</a>
        ) : null}
      </p>
    </section>
  );
}

function List({ visit, connections, names }: Parameters<typeof Connections>[0]) {
  const { t, viewer, base } = visit;
  const deskOf = ({ desk }: Connection) => formatDesk(visit, desk);
  const whose = ({ staff }: Connection) =>
    staff === null ? t('calendars.ofDesk') : (names.get(staff) ?? '');
  const pageOf = (each: Connection) => (each.staff === null ? `connected/${each.id}` : 'own');
  return (
    <Table
      caption={t('calendars.connections.caption')}
      rows={connections}
      keyOf={(each) => each.id}
      columns={[
        {
          head: t('calendars.column.desk'),
          cell: (each) =>
            mayChange(viewer, each) ? (
              <a href={`${base}/calendars/${pageOf(each)}`}>{deskOf(each)}</a>
            ) : (
              deskOf(each)
            ),
        },
        { head: t('calendars.column.person'), cell: whose },
        {
          head: t('calendars.column.state'),
          cell: (each) => <ConnectionState visit={visit} of={each} />,
        },
        {
          head: t('calendars.column.seen'),
          cell: ({ seenAt }) => (seenAt ? momentWords(visit, seenAt) : t('calendars.read.never')),
        },
        {
          head: t('calendars.column.act'),
          cell: (each) =>
            mayEndConnection(viewer, each) ? (
              <form method="post" action={`${base}/calendars`}>
                <input type="hidden" name="calendar" value={each.id} />
                <LinkButton name="act" value="disconnect">
                  {t('calendars.disconnect')}
                  <span class="hide">
                    : {deskOf(each)}, {whose(each)}
                  </span>
                </LinkButton>
              </form>
            ) : null,
        },
      ]}
    />
  );
}
