import type { Side } from '../features/room/types.ts';
import type { Translate } from '../lib/i18n/translate.ts';

/** What the island says, by the text's key after `room.` */
const WORDS = [
  'said.entering',
  'said.waiting',
  'said.alone',
  'said.connecting',
  'said.connected',
  'said.again',
  'said.hopeless',
  'said.offline',
  'said.taken',
  'said.over',
  'said.left',
  'said.failed',
  'desk.waiting',
  'desk.asked.citizen',
  'desk.asked.agent',
  'camera.on',
  'camera.off',
  'microphone.on',
  'microphone.off',
  'them.dark',
  'them.mute',
  'without',
  'here',
] as const;

/** Where the two see each other: empty until the island `room` fills it. The same on both sides. */
export function RoomScreen(props: {
  t: Translate;
  side: Side;
  /** The room's own address, below which all is that the island asks for. */
  base: string;
  /** Goes in without a button. */
  enters?: boolean;
}) {
  const { t, side, base, enters } = props;
  const action = (name: string, text: string, isHidden = true) => (
    <button type="button" class="button quiet" data-do={name} hidden={isHidden}>
      {text}
    </button>
  );
  return (
    <div
      id="room"
      class="room stack"
      data-side={side}
      data-base={base}
      data-enters={enters ? 'yes' : undefined}
      hidden
    >
      <p role="status" class="room-said" />
      <div class="room-stage" hidden>
        <figure class="room-them">
          {/* biome-ignore lint/a11y/useMediaCaption: what is said in a call has no captions beforehand */}
          <video playsinline />
          <figcaption>
            <b>{t(`room.them.${side}`)}</b> <span data-them />
          </figcaption>
        </figure>
        <figure class="room-me">
          <video playsinline muted />
          <figcaption>{t('room.me')}</figcaption>
        </figure>
      </div>
      <p class="row">
        <button type="button" class="button" data-do="enter">
          {t(side === 'agent' ? 'room.desk.enter' : 'room.enter')}
        </button>
        {action('hear', t('room.hear'))}
        {action('microphone', t('room.microphone.off'))}
        {action('camera', t('room.camera.off'))}
        {action('other', t('room.camera.other'))}
        {side === 'agent' ? action('phone', t('room.desk.phone')) : null}
        {action('leave', t('room.leave'))}
      </p>
      <template>
        {WORDS.map((word) => (
          <p key={word} data-word={word}>
            {t(`room.${word}`)}
          </p>
        ))}
      </template>
    </div>
  );
}
