import type { Choice, OwnKind } from '../own.ts';
import { mainPair, type RoomActions, type RoomPage } from '../page.ts';
import type { Words } from '../words.ts';
import { Icon, type IconName } from './icons.tsx';

export interface Shown {
  page: RoomPage;
  act: RoomActions;
  words: Words;
}

/** The devices that the browser has named. */
export interface Devices {
  camera: Choice[];
  microphone: Choice[];
  speaker: Choice[];
}

/** The buttons of the call, each with an icon and words; less frequent ones are behind “more”. */
export function Controls({ devices, ...shown }: Shown & { devices: Devices }) {
  const { page, act, words } = shown;
  const { own, side, isIn, isMuted, signing } = page;
  if (!isIn && page.said === 'over') return null;
  if (!isIn) {
    const word = page.isTaken ? 'here' : side === 'agent' ? 'desk.enter' : 'enter';
    return (
      <p>
        <button type="button" class="button" onClick={act.enter}>
          {words(word)}
        </button>
      </p>
    );
  }
  const toggle = (kind: OwnKind) => (
    <Do icon={kind} isOff={!own.isOn(kind)} does={() => act.toggle(kind)}>
      {words(`${kind}.${own.isOn(kind) ? 'off' : 'on'}`)}
    </Do>
  );
  return (
    <fieldset class="room-controls" aria-label={words('controls')}>
      {isMuted ? (
        <Do icon="hear" does={act.hear} isMain>
          {words('hear')}
        </Do>
      ) : null}
      {toggle('microphone')}
      {toggle('camera')}
      {own.isOn('camera') && devices.camera.length > 1 ? (
        <Do icon="other" does={act.nextCamera}>
          {words('camera.other')}
        </Do>
      ) : null}
      <Do icon="signing" isOn={signing} does={() => act.setSigning(!signing)}>
        {words('signing.on')}
      </Do>
      {side === 'agent' ? <AgentControls {...shown} /> : null}
      <Do icon="leave" does={act.leave}>
        {words(side === 'agent' ? 'desk.leave' : 'leave')}
      </Do>
      <More {...shown} devices={devices} />
    </fieldset>
  );
}

/** The agent's additional buttons: share a screen, continue by telephone. */
function AgentControls({ page, act, words }: Shown) {
  const { sharing } = page;
  const mayShare = 'getDisplayMedia' in (navigator.mediaDevices ?? {});
  return (
    <>
      {mayShare ? (
        <Do icon="share" isOn={sharing} does={act.share}>
          {words(sharing ? 'share.off' : 'share.on')}
        </Do>
      ) : null}
      {page.maySnap && page.pairs.length > 0 ? (
        <Do icon="still" does={act.askStill}>
          {words('still.ask')}
        </Do>
      ) : null}
      <Do icon="phone" does={act.phone}>
        {words('desk.phone')}
      </Do>
    </>
  );
}

function More({ page, act, words, devices }: Shown & { devices: Devices }) {
  const { hold, own } = page;
  const blur = own.blur();
  const them = mainPair(page)?.peer?.video;
  const choose = (kind: keyof Devices) => (
    <Choose
      kind={kind}
      choices={devices[kind]}
      current={kind === 'speaker' ? '' : (own.track(kind)?.getSettings().deviceId ?? '')}
      act={act}
      words={words}
    />
  );
  return (
    <details class="more room-more">
      <summary>{words('more')}</summary>
      <div class="room-controls">
        <Do icon="hold" isOn={hold} does={() => act.setHold(!hold)}>
          {words(hold ? 'hold.off' : 'hold.on')}
        </Do>
        {page.pairs.length === 1 ? (
          <Do icon="move" does={act.moveMe}>
            {words('move')}
          </Do>
        ) : null}
        {document.pictureInPictureEnabled && them ? (
          <Do icon="window" does={() => void them.requestPictureInPicture().catch(() => {})}>
            {words('pip')}
          </Do>
        ) : null}
        {blur === null ? null : (
          <Do icon="blur" isOn={blur} does={() => act.setBlur(!blur)}>
            {words('blur')}
          </Do>
        )}
      </div>
      {choose('camera')}
      {choose('microphone')}
      {'setSinkId' in HTMLMediaElement.prototype ? choose('speaker') : null}
    </details>
  );
}

function Choose(props: {
  kind: keyof Devices;
  choices: Choice[];
  current: string;
  act: RoomActions;
  words: Words;
}) {
  const { kind, choices, current, act, words } = props;
  if (choices.length < 2) return null;
  return (
    <p class="field">
      <label for={`room-${kind}`}>{words(`device.${kind}`)}</label>
      <select
        id={`room-${kind}`}
        onChange={({ currentTarget }) => act.choose(kind, currentTarget.value)}
      >
        {choices.map(({ id, name }, at) => (
          <option key={id} value={id} selected={id === current}>
            {name || `${words(`device.${kind}`)} ${at + 1}`}
          </option>
        ))}
      </select>
    </p>
  );
}

function Do(props: {
  icon: IconName;
  children: string;
  does(): void;
  /** Whether it stands for something that is off. */
  isOff?: boolean;
  /** Whether it is on, for a switch whose words stay. */
  isOn?: boolean;
  isMain?: boolean;
}) {
  const { icon, children, does, isOff, isOn, isMain } = props;
  return (
    <button
      type="button"
      class={isMain ? 'room-do main' : 'room-do'}
      aria-pressed={isOn}
      data-do={icon}
      onClick={does}
    >
      <Icon name={icon} isOff={isOff ?? false} />
      <span>{children}</span>
    </button>
  );
}
