import type { Pair } from '../pairs.ts';
import type { Shown } from './controls.tsx';
import { Me } from './me.tsx';

/** How the pictures are laid out: `first` has a large one, with the others in a row or a column beside it. */
export type Layout = 'alone' | 'one' | 'two' | 'many' | 'first';

/** Returns the layout for so many other people, with a large picture or without. */
export function layoutOf(others: number, hasScreen: boolean, hasSigner: boolean): Layout {
  if (others === 0) return 'alone';
  if (hasScreen || (hasSigner && others > 1)) return 'first';
  if (others === 1) return 'one';
  return others === 2 ? 'two' : 'many';
}

/** Everybody's pictures: the shared screen or the signing person large, one's own small. */
export function Stage(shown: Shown) {
  const { page, words } = shown;
  const { pairs } = page;
  const screen = pairs.find(({ media }) => media?.screen);
  const signer = pairs.find(({ media }) => media?.signing);
  const layout = layoutOf(pairs.length, screen !== undefined, signer !== undefined);
  const beside = pairs.length + (screen ? 1 : 0); // oneself too
  return (
    <div class="room-stage" data-people={pairs.length}>
      <div class="room-grid" data-layout={layout} data-beside={beside}>
        {screen?.peer ? (
          <figure class="room-tile first">
            <div class="room-picture">
              <Player of={screen.peer.screen} />
              <figcaption>{words('share.theirs', { name: screen.person.name })}</figcaption>
            </div>
          </figure>
        ) : null}
        {pairs.map((pair) => (
          <Tile
            key={pair.person.seat}
            pair={pair}
            isFirst={pair === signer && !screen}
            words={words}
          />
        ))}
        <Me {...shown} isLoose={layout !== 'first' && layout !== 'alone'} />
      </div>
    </div>
  );
}

function Tile({ pair, isFirst, words }: { pair: Pair; isFirst: boolean; words: Shown['words'] }) {
  const { person, peer, phase, media, isSpeaking } = pair;
  const isDark = media !== null && (!media.camera || media.hold || media.away || media.saving);
  const states = [
    phase === 'connected' ? '' : words(`tile.${phase}`),
    media?.away ? words('hold.on') : '',
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
      <div class="room-picture">
        {peer ? <Player of={peer.video} /> : null}
        <figcaption>
          <b>{person.name || words(`them.${person.side}`)}</b>
          {isSpeaking ? <span class="room-speaks">{words('tile.speaking')}</span> : null}
          {states.length > 0 ? <span>{states.join('. ')}</span> : null}
        </figcaption>
      </div>
    </figure>
  );
}

/** Puts a player that belongs to a connection in its place, once. */
function Player({ of: player }: { of: HTMLVideoElement }) {
  return (
    <div
      class="room-player"
      ref={(place) => {
        if (!place || player.parentNode === place) return;
        place.replaceChildren(player);
        const shape = () => giveShape(player);
        player.onresize = shape;
        player.onloadedmetadata = shape;
        shape();
      }}
    />
  );
}

/** Gives the picture's place the shape of the picture, so that nothing of it is hidden and no border is added. */
function giveShape({ videoWidth, videoHeight, parentElement }: HTMLVideoElement): void {
  if (videoWidth === 0) return;
  const shape = String(videoWidth / videoHeight);
  parentElement?.parentElement?.style.setProperty('--shape', shape);
}
