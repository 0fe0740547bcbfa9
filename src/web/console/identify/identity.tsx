import { GIVEN_LEVELS } from '../../../domain/identity.ts';
import { bookedBundle, levelNeeded } from '../../../domain/office/bundle.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { PROVING_LEVEL } from '../../../features/service/identifying/rules.ts';
import { providerName } from '../../../features/service/identifying/service.ts';
import type {
  IdentifiedPerson,
  IdentityStanding,
} from '../../../features/service/identifying/types.ts';
import { Tag } from '../../../ui/parts.tsx';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';

export interface IdentityProps {
  visit: DeskVisit;
  dossier: Dossier;
  identity: IdentityStanding;
  /** Whether the viewer attends the citizen, so that they may ask, and see whole identifiers. */
  mayAsk: boolean;
  /** The person whose whole identifier is shown once. */
  revealed?: { person: string; identifier: string } | undefined;
}

/** What the card says of identity: what is needed, who identified, and the request to do so. The `console` island renews it. */
export function Identity(props: IdentityProps) {
  const { visit, dossier, identity, mayAsk } = props;
  const { t, base, office } = visit;
  const { appointment } = dossier;
  const bundle = bookedBundle(office, appointment);
  const at = `${base}/appointment/${appointment.id}`;
  const isAsking = mayAsk && appointment.status === 'in_progress';
  return (
    <div id="identity-of" class="stack" data-from={at} data-once={props.revealed ? '' : undefined}>
      <p>{t(`staff.identityAsked.${bundle?.identity ?? 'none'}`)}</p>
      {identity.people.map((each) => (
        <Identified key={each.person} {...props} person={each} at={at} />
      ))}
      <Asked visit={visit} identity={identity} />
      {isAsking ? (
        <form method="post" action={`${at}/identify`} class="row" data-quiet>
          <select name="level" aria-label={t('identifying.desk.level')}>
            {GIVEN_LEVELS.map((level) => (
              <option
                key={level}
                value={level}
                selected={level === ((bundle && levelNeeded(bundle)) ?? PROVING_LEVEL)}
              >
                {t(`identify.level.${level}`)}
              </option>
            ))}
          </select>
          <button type="submit" class="button quiet small" data-action="askIdentity">
            {t('identifying.desk.ask')} <Key action="askIdentity" />
          </button>
        </form>
      ) : null}
    </div>
  );
}

/** What became of the last request. */
function Asked({ visit, identity: { asking } }: Pick<IdentityProps, 'visit' | 'identity'>) {
  const { t, dates } = visit;
  if (!asking || asking.state === 'identified') return null;
  if (asking.state === 'asked')
    return <p class="small">{t('identifying.desk.asked', { time: dates.time(asking.at) })}</p>;
  const reason = t(`identifying.failed.${asking.reason}`);
  return <p class="small mend">{t('identifying.desk.failed', { reason })}</p>;
}

/** One person who identified: who, how, when, and for whom they act. */
function Identified(props: IdentityProps & { person: IdentifiedPerson; at: string }) {
  const { visit, dossier, person, at, mayAsk, revealed } = props;
  const { t, dates } = visit;
  const { onBehalfOf } = dossier.appointment;
  const isWhole = revealed?.person === person.person;
  const how = {
    provider: providerName(person, t.language),
    method: person.method,
    level: t(`identify.level.${person.level}`),
    day: dates.shortDay(person.at),
    time: dates.time(person.at),
  };
  return (
    <div class="stack">
      <div>
        <b>{person.name}</b>{' '}
        <span class="figures nowrap">{isWhole ? revealed.identifier : person.masked}</span>{' '}
        {mayAsk && !isWhole ? (
          <form class="inline" method="post" action={`${at}/identify/${person.person}/show`}>
            <button
              type="submit"
              class="link small"
              aria-label={t('identifying.desk.reveal.of', { name: person.name })}
            >
              {t('identifying.desk.reveal')}
            </button>
          </form>
        ) : null}
      </div>
      <p class="small soft">{t('identifying.desk.how', how)}</p>
      {person.represents ? (
        <p class="small">{t('identifying.desk.company', { name: person.represents })}</p>
      ) : null}
      {onBehalfOf ? (
        <p class="small">{t('identifying.desk.behalf', { name: onBehalfOf })}</p>
      ) : null}
      {person.isOther ? <Tag kind="warn">{t('identifying.desk.other')}</Tag> : null}
      {person.isByCode ? <p class="small">{t('anotherDevice.desk')}</p> : null}
      {person.shownBy === null ? <p class="small">{t('identifying.desk.unproved')}</p> : null}
    </div>
  );
}
