import { isAtSite } from '../../../domain/channel.ts';
import { initialsOf } from '../../../features/insight/live-board/rules.ts';
import type { Wait } from '../../../features/insight/live-board/types.ts';
import { Tag } from '../../../ui/parts.tsx';
import { formatDesk } from '../desk-name.tsx';
import { bookedName } from '../words.ts';
import { type NowProps, sinceIn } from './words.ts';

/** The waiting people, longest wait first, each with the possible actions. */
export function Waits(props: NowProps) {
  const { visit, board } = props;
  const { t } = visit;
  return (
    <section aria-labelledby="waits" class="now-waits">
      <h2 id="waits">{t('liveBoard.waits.title')}</h2>
      {board.waits.length === 0 ? (
        <p class="soft">{t('liveBoard.waits.none')}</p>
      ) : (
        <ol class="entries">
          {board.waits.map((wait) => (
            <WaitLine key={wait.entry.id} {...props} wait={wait} />
          ))}
        </ol>
      )}
    </section>
  );
}

function WaitLine({ visit, isWall, wait }: NowProps & { wait: Wait }) {
  const { t, office, base, dates } = visit;
  const { entry, since, isLate, isAbsent } = wait;
  const { id, reference, name, channel } = entry;
  const desk = isWall ? (office.desk(entry.desk)?.name ?? '') : formatDesk(visit, entry.desk);
  const address = `${base}/appointment/${id}`;
  const hidden = <span class="hide"> {reference}</span>;
  return (
    <li class="wait">
      <strong class="figures how-long">{sinceIn(visit, since)}</strong>
      <div>
        <p>
          {isWall ? (
            <b>{bookedName(t, office, entry)}</b>
          ) : (
            <>
              <a href={address} class="who">
                {[initialsOf(name), reference].filter(Boolean).join(' · ')}
              </a>{' '}
              {bookedName(t, office, entry)}
            </>
          )}
        </p>
        <p class="small soft">
          {t(`common.channel.${channel}`)} · {desk} ·{' '}
          {t('liveBoard.hour', { time: dates.time(entry.start) })}
        </p>
        <p class="small marks">
          {isLate ? <Tag kind="warn">{t('staff.situation.late')}</Tag> : null}
          {isAbsent ? (
            <Tag kind="plain">
              {t(isAtSite(channel) ? 'checkIn.situation.late' : 'liveBoard.absent')}
            </Tag>
          ) : null}
        </p>
        {isWall ? null : (
          <p class="row small ways">
            <a href={`${address}/desk`}>
              {t('reassign.title')}
              {hidden}
            </a>
            <a href={`${base}/late?desk=${entry.desk}`}>
              {t('liveBoard.sayLate')}
              {hidden}
            </a>
          </p>
        )}
      </div>
    </li>
  );
}
