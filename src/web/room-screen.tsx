import type { Side } from '../features/service/room/types.ts';
import type { Translate } from '../lib/i18n/translate.ts';
import { QualityWords } from './words/quality.tsx';

/** The island's texts, by their keys after `room.`; the island fills in `{name}`. */
const WORDS = [
  ...['title', 'title.call', 'enter', 'here', 'leave', 'hear', 'more', 'controls', 'me'],
  ...['said.entering', 'said.waiting', 'said.alone', 'said.connecting', 'said.connected'],
  ...['said.again', 'said.hopeless', 'said.offline', 'said.taken', 'said.over', 'said.left'],
  ...['said.failed', 'without', 'me.signing', 'move', 'pip', 'blur', 'signing.on'],
  ...['camera.on', 'camera.off', 'camera.other', 'microphone.on', 'microphone.off'],
  ...['device.camera', 'device.microphone', 'device.speaker'],
  ...[
    'desk.enter',
    'desk.leave',
    'desk.waiting',
    'desk.phone',
    'desk.asked.citizen',
    'desk.asked.agent',
  ],
  ...['them.agent', 'them.citizen', 'them.companion', 'them.dark', 'them.mute'],
  ...['tile.connecting', 'tile.again', 'tile.signing', 'tile.speaking'],
  ...['hold.on', 'hold.off', 'held.mine', 'held.theirs', 'saving.mine', 'saving.theirs'],
  ...['share.on', 'share.off', 'share.mine', 'share.theirs', 'door', 'admit'],
  ...['write.title', 'write.label', 'write.live', 'write.send', 'write.kept', 'write.typing'],
  ...['write.sending', 'write.lost'],
  ...['still.ask', 'still.question', 'still.yes', 'still.no', 'still.asked', 'still.agreed'],
  ...['still.refused', 'still.take', 'still.kept', 'still.failed', 'act.ask', 'act.read'],
] as const;

/** The video and the messages: empty until the island `room` fills it. The same for all participants. */
export function RoomScreen(props: {
  t: Translate;
  side: Side;
  /** The room's own address, the prefix of the island's requests. */
  base: string;
  /** Enters without a button. */
  enters?: boolean;
  /** Shows typed text at once, from the beginning: for users of real-time text. */
  isLive: boolean;
  /** Whether the agent may ask for a picture of a document. */
  stills?: boolean;
}) {
  const { t, side, base, enters, isLive, stills } = props;
  return (
    <div
      id="room"
      class="room"
      data-side={side}
      data-base={base}
      data-enters={enters ? 'yes' : undefined}
      data-typed={isLive ? 'yes' : undefined}
      data-stills={stills ? 'yes' : undefined}
      hidden
    >
      <div class="room-view" />
      <template>
        <QualityWords t={t} />
        {WORDS.map((word) => (
          <p key={word} data-word={word}>
            {t(`room.${word}`, { name: '{name}' })}
          </p>
        ))}
      </template>
    </div>
  );
}
