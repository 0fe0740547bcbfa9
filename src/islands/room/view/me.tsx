import type { Shown } from './controls.tsx';

/** The corner beside each one, clockwise from the upper right, for the four arrow keys. */
const ARROWS: Record<string, readonly [number, number, number, number]> = {
  ArrowUp: [0, 0, 3, 3],
  ArrowDown: [1, 1, 2, 2],
  ArrowLeft: [3, 2, 2, 3],
  ArrowRight: [0, 1, 1, 0],
};

/** Returns the corner to which a key moves one's own picture; null: another key. */
export const cornerBy = (key: string, corner: number): number | null =>
  ARROWS[key]?.[corner] ?? null;

/** Returns the corner nearest to a point, given as fractions of the width and height from the upper left. */
export function cornerAt(across: number, down: number): number {
  if (across >= 0.5) return down < 0.5 ? 0 : 1;
  return down < 0.5 ? 3 : 2;
}

/** One's own picture: whole, so that people who sign see whether their hands are in it. `isLoose`: it can be moved to each corner. */
export function Me({ page, act, words, isLoose }: Shown & { isLoose: boolean }) {
  const { own, corner } = page;
  const camera = own.track('camera');
  const isMirrored = camera?.getSettings().facingMode !== 'environment';
  const classes = ['room-me', camera ? '' : 'dark', isLoose ? 'loose' : ''];
  return (
    <figure class={classes.filter((each) => each !== '').join(' ')} data-corner={corner}>
      <video
        class={isMirrored ? 'mirror' : undefined}
        playsInline
        muted
        ref={(element) => showTrack(element, camera)}
      />
      <figcaption>{words(page.signing ? 'me.signing' : 'me')}</figcaption>
      {isLoose ? (
        <button
          type="button"
          class="room-grip"
          aria-label={words('move')}
          onClick={({ detail }) => {
            // A pointer's press ends in `drag`; the keyboard goes from corner to corner.
            if (detail === 0) act.moveMe((corner + 1) % 4);
          }}
          onKeyDown={(event) => {
            const to = cornerBy(event.key, corner);
            if (to === null) return;
            event.preventDefault();
            act.moveMe(to);
          }}
          onPointerDown={(event) => drag(event, corner, act.moveMe)}
        />
      ) : null}
    </figure>
  );
}

/** The way in pixels below which a press isn't a drag. */
const PRESS = 8;

/** Moves the picture with the pointer, and puts it into the nearest corner when it is let go; a mere press goes to the next corner. */
function drag(event: PointerEvent, corner: number, move: (corner: number) => void): void {
  const grip = event.currentTarget as HTMLElement;
  const me = grip.parentElement;
  const stage = me?.parentElement?.getBoundingClientRect();
  if (!me || !stage || event.button !== 0) return;
  const from = { x: event.clientX, y: event.clientY };
  grip.setPointerCapture(event.pointerId);
  const gone = new AbortController();
  const { signal } = gone;
  const end = () => {
    gone.abort();
    me.style.removeProperty('translate');
  };
  grip.addEventListener(
    'pointermove',
    ({ clientX, clientY }) => {
      me.style.setProperty('translate', `${clientX - from.x}px ${clientY - from.y}px`);
    },
    { signal },
  );
  grip.addEventListener('pointercancel', end, { signal });
  grip.addEventListener(
    'pointerup',
    ({ clientX, clientY }) => {
      end();
      const isPress = Math.hypot(clientX - from.x, clientY - from.y) < PRESS;
      const across = (clientX - stage.left) / stage.width;
      const down = (clientY - stage.top) / stage.height;
      move(isPress ? (corner + 1) % 4 : cornerAt(across, down));
    },
    { signal },
  );
}

function showTrack(video: HTMLVideoElement | null, track: MediaStreamTrack | null): void {
  const shown = (video?.srcObject as MediaStream | null)?.getVideoTracks()[0] ?? null;
  if (!video || shown === track) return;
  video.srcObject = track && new MediaStream([track]);
  if (track) void video.play().catch(() => {});
}
