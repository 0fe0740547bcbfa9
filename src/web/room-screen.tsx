import type { Office } from '../domain/office/types.ts';
import type { Captions } from '../features/service/captions/service.ts';
import type { Side } from '../features/service/room/types.ts';
import type { Translate } from '../lib/i18n/translate.ts';
import type { Assets } from './assets.ts';
import { QualityWords } from './words/quality.tsx';

/** The island's texts, by their keys after `room.`; the island fills in `{name}`. */
const WORDS = [
  ...['title', 'title.call', 'enter', 'here', 'leave', 'hear', 'more', 'controls', 'me', 'papers'],
  ...['said.entering', 'said.waiting', 'said.alone', 'said.connecting', 'said.connected'],
  ...['ways.phone', 'ways.write', 'papers.new', 'papers.waiting', 'captions.running'],
  ...['said.again', 'said.hopeless', 'said.offline', 'said.taken', 'said.over', 'said.left'],
  ...['said.handed', 'coming', 'handed', 'handed.staff', 'people', 'people.you'],
  ...[
    'people.colleague',
    'them.colleague',
    'coming.unnamed',
    'handed.unnamed',
    'handed.unnamed.staff',
  ],
  ...['said.failed', 'without', 'me.signing', 'move', 'pip', 'blur', 'signing.on'],
  ...['camera.on', 'camera.off', 'camera.other', 'microphone.on', 'microphone.off'],
  ...['short.camera.on', 'short.camera.off', 'short.microphone.on', 'short.microphone.off'],
  ...['panel.close', 'panel.blocked', 'panel.apart', 'act', 'phone', 'phone.asked'],
  ...['by_phone.agent', 'by_phone.companion', 'unable', 'unable.ways', 'unable.desk'],
  ...['check.title', 'check.level', 'check.speak', 'check.heard', 'check.silent'],
  ...['check.play', 'check.played', 'write.open'],
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
  ...['write.sending', 'write.lost', 'write.unsent'],
  ...['still.ask', 'still.question', 'still.yes', 'still.no', 'still.asked', 'still.agreed'],
  ...['still.refused', 'still.take', 'still.kept', 'still.failed', 'act.ask', 'act.read'],
  ...['form', 'form.ask', 'form.open'],
  ...['identify.ask', 'identify.open', 'identify.other', 'identify.no'],
  ...['identify.failed', 'identify.done'],
  ...['identify.desk.asked', 'identify.desk.identified', 'identify.desk.failed'],
  ...['away.mine', 'away.theirs'],
  ...['captions.on', 'captions.mine', 'captions.theirs', 'captions.without', 'captions.failed'],
  ...['captions.question', 'captions.yes', 'captions.no', 'captions.stop', 'captions.allow'],
] as const;

/** The speech-to-text engine of a room, for its page. */
export interface RoomEngine {
  /** Who runs it. */
  provider: string;
  /** The address of the island `speech`. */
  worklet: string;
}

/** Returns the engine that makes captions of an appointment's call; null: there are none. */
export function engineOf(
  { captions, assets }: { captions: Captions; assets: Assets },
  office: Office,
  appointment: Parameters<Captions['engine']>[1],
): RoomEngine | null {
  const worklet = assets.island('speech');
  const engine = worklet && captions.engine(office, appointment);
  return engine ? { provider: engine.provider, worklet } : null;
}

/** The values that the island fills in. */
const BLANKS = {
  name: '{name}',
  names: '{names}',
  from: '{from}',
  to: '{to}',
  phone: '{phone}',
  count: '{count}',
  providers: '{providers}',
};

/** The video and the messages: empty until the island `room` fills it. The same for all participants. */
export function RoomScreen(props: {
  t: Translate;
  side: Side;
  /** The name of the office, where people's names are given with it. */
  office: string;
  /** The room's own address, the prefix of the island's requests. */
  base: string;
  /** Enters without a button. */
  enters?: boolean;
  /** Shows typed text at once, from the beginning: for users of real-time text. */
  isLive: boolean;
  /** Whether the agent may ask for a picture of a document. */
  stills?: boolean;
  /** Whether this person signs. */
  signs?: boolean;
  /** The citizen's telephone, on which the conversation can go on. */
  phone?: string;
  /** The agent's keys, in readable form. */
  keys?: Record<'mute' | 'hangUp', string>;
  /** The names of the providers with which the citizen can identify, by level. */
  providers?: Record<string, string>;
  /** The page that follows once the room is over; without it the room says so itself. */
  ending?: string;
  /** What captions are made with; null: there are none. */
  engine: RoomEngine | null;
}) {
  const { t, side, office, base, enters, isLive, stills, signs, phone, keys, ending, engine } =
    props;
  return (
    <div
      id="room"
      class="room"
      data-side={side}
      data-base={base}
      data-enters={enters ? 'yes' : undefined}
      data-typed={isLive ? 'yes' : undefined}
      data-stills={stills ? 'yes' : undefined}
      data-signs={signs ? 'yes' : undefined}
      data-phone={phone}
      data-key-mute={keys?.mute}
      data-key-hang-up={keys?.hangUp}
      data-providers={JSON.stringify(props.providers)}
      data-ending={ending}
      data-provider={engine?.provider}
      data-worklet={engine?.worklet}
      hidden
    >
      <div class="room-view" />
      <template>
        <QualityWords t={t} />
        {WORDS.map((word) => (
          <p key={word} data-word={word}>
            {t(`room.${word}`, { ...BLANKS, office, provider: engine?.provider ?? '' })}
          </p>
        ))}
        <p data-word="companions.open">{t('companions.open')}</p>
      </template>
    </div>
  );
}
