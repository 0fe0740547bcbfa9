import { render } from 'preact';
import type { Person } from '../../../features/service/room/types.ts';
import { mainPair, type RoomCtrl, standing } from '../page.ts';
import type { Pair } from '../pairs.ts';
import type { Words } from '../words.ts';
import { Act } from './act.tsx';
import { Controls, type Devices, type Shown } from './controls.tsx';
import { Still } from './still.tsx';
import { Captions, WritingPanel } from './writing.tsx';

/** Draws the room into its place on the page. */
export function drawRoom(place: Element, ctrl: RoomCtrl, words: Words, devices: Devices): void {
  const hadFocus = place.contains(document.activeElement);
  render(<Room {...ctrl} words={words} devices={devices} />, place);
  // The pressed button was removed: the focus goes to the words about its result.
  if (hadFocus && !place.contains(document.activeElement))
    place.querySelector<HTMLElement>('.room-said')?.focus();
}

function Room(shown: Shown & { devices: Devices }) {
  const { page, act, words } = shown;
  return (
    <div class={page.pairs.length > 0 ? 'room-frame talking' : 'room-frame'}>
      <div class="room-call stack">
        <p role="status" class="room-said" tabIndex={-1}>
          {sayings(shown).join(' ')}
        </p>
        <Act {...shown} />
        {page.isIn ? <Stage {...shown} /> : null}
        <Captions {...shown} />
        {page.door.map((each) => (
          <p key={each.seat} role="alert" class="row room-door">
            {words('door', { name: each.name })}{' '}
            <button type="button" class="button" onClick={() => act.admit(each)}>
              {words('admit', { name: each.name })}
            </button>
          </p>
        ))}
        <Still {...shown} />
        <Controls {...shown} />
      </div>
      <WritingPanel {...shown} />
    </div>
  );
}

/** Returns all spoken messages about the state, in one live region that changes only with news. */
function sayings({ page, words }: Shown): string[] {
  const { side, byPhone, pairs, isIn, isPartial, hold, sharing } = page;
  const named = (word: string, { name }: Person) => words(word, { name });
  const all = [words(standing(page))];
  if (isIn && isPartial) all.push(words('without'));
  if (hold) all.push(words('held.mine'));
  if (sharing) all.push(words('share.mine'));
  const main = mainPair(page);
  if (main?.phase === 'connected' && (side === 'agent' || main.word !== 'good'))
    all.push(words(`quality.${main.word}`));
  for (const { person, media, isSaving } of pairs) {
    if (media?.hold) all.push(named('held.theirs', person));
    if (media?.saving) all.push(named('saving.theirs', person));
    if (isSaving) all.push(words('saving.mine'));
  }
  if (page.picture) all.push(words(`still.${page.picture}`));
  if (side === 'agent' && byPhone) all.push(words(`desk.asked.${byPhone}`));
  return all.filter((each) => each !== '');
}

/** Everybody's pictures: the signing person or the shared screen large, one's own small. */
function Stage(shown: Shown) {
  const { page, words } = shown;
  const { pairs, own } = page;
  const screen = pairs.find(({ media }) => media?.screen);
  const first = screen ?? pairs.find(({ media }) => media?.signing);
  const camera = own.track('camera');
  const isMirrored = camera?.getSettings().facingMode !== 'environment';
  return (
    <div class="room-stage" data-people={pairs.length} data-corner={page.corner}>
      {screen?.peer ? (
        <figure class="room-tile first">
          <Player of={screen.peer.screen} />
          <figcaption>{words('share.theirs', { name: screen.person.name })}</figcaption>
        </figure>
      ) : null}
      {pairs.map((pair) => (
        <Tile
          key={pair.person.seat}
          pair={pair}
          isFirst={pair === first && !screen}
          words={words}
        />
      ))}
      <figure class={camera ? 'room-me' : 'room-me dark'}>
        <video
          class={isMirrored ? 'mirror' : undefined}
          playsInline
          muted
          ref={(element) => showTrack(element, camera)}
        />
        <figcaption>{words(page.signing ? 'me.signing' : 'me')}</figcaption>
      </figure>
    </div>
  );
}

function Tile({ pair, isFirst, words }: { pair: Pair; isFirst: boolean; words: Words }) {
  const { person, peer, phase, media, isSpeaking } = pair;
  const isDark = media !== null && (!media.camera || media.hold || media.saving);
  const states = [
    phase === 'connected' ? '' : words(`tile.${phase}`),
    media?.signing ? words('tile.signing') : '',
    media && !media.camera ? words('them.dark') : '',
    media && !media.microphone ? words('them.mute') : '',
  ].filter((each) => each !== '');
  const classes = [
    'room-tile',
    isFirst ? 'first' : '',
    media?.signing ? 'signing' : '',
    isSpeaking ? 'speaking' : '',
    isDark ? 'dark' : '',
  ];
  return (
    <figure class={classes.filter((each) => each !== '').join(' ')} data-side={person.side}>
      {peer ? <Player of={peer.video} /> : null}
      <figcaption>
        <b>{person.name || words(`them.${person.side}`)}</b>
        {isSpeaking ? <span class="room-speaks">{words('tile.speaking')}</span> : null}
        {states.length > 0 ? <span>{states.join('. ')}</span> : null}
      </figcaption>
    </figure>
  );
}

/** Puts a player that belongs to a connection in its place, once. */
function Player({ of: player }: { of: HTMLVideoElement }) {
  return (
    <div
      class="room-player"
      ref={(place) => {
        if (place && player.parentNode !== place) place.replaceChildren(player);
      }}
    />
  );
}

function showTrack(video: HTMLVideoElement | null, track: MediaStreamTrack | null): void {
  const shown = (video?.srcObject as MediaStream | null)?.getVideoTracks()[0] ?? null;
  if (!video || shown === track) return;
  video.srcObject = track && new MediaStream([track]);
  if (track) void video.play().catch(() => {});
}
